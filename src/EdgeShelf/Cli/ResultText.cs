using System.Globalization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Writes a result for people: the picture's name, three labels with bars, whether it needs review, and how long it took.</summary>
static class ResultText
{
    const int BarLength = 24;

    public static void Write(TextWriter output, string title, SlotResult slot, StageTimings timings) =>
        Write(output, title, SlotDocument.Of(slot), TimingsDocument.Of(timings));

    public static void Write(TextWriter output, string title, SlotDocument slot, TimingsDocument timings, bool isCached = false)
    {
        string review = slot.NeedsReview ? $"needs review: {slot.ReviewReason}" : "sure";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title}  [{review}]{(isCached ? "  [answer of the same picture before]" : "")}  {timings.Total:0.0} ms (decode {timings.Decode:0.0}, preprocess {timings.Preprocess:0.0}, inference {timings.Inference:0.0})"));
        int width = slot.Top.Max(prediction => prediction.Label.Length);
        foreach (PredictionDocument prediction in slot.Top)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {prediction.Label.PadRight(width)}  {Bar(prediction.Confidence)}  {prediction.Confidence,6:0.0%}"));
    }

    static string Bar(double share)
    {
        int full = (int)Math.Round(share * BarLength);
        return new string('█', full) + new string('░', BarLength - full);
    }
}
