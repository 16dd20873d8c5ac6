using System.Globalization;
using System.Text;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Writes the comparison as Markdown, with its charts.</summary>
static class ResultsPage
{
    public const string Name = "RESULTS.md";

    static readonly string[] Explanations =
    [
        "All services run the same network at the same size: `peers/float_network.py` writes the shipped INT8 network as floats. Frozen means TorchScript after `freeze` and `optimize_for_inference`. "
            + "PyTorch INT8 is PyTorch's own post-training quantization with the fastest kernels that the package has. waitress serves Flask.",
        "Services are measured in turn, on the same JPEG of 1280 x 960 pixels, one service at a time, with EdgeShelf's cache off. A service with one processor is bound to it, with all its threads. "
            + "At rest is 12 s after the last picture. Anonymous memory is what no file backs, so the system cannot take it back.",
    ];

    const string NcnnExplanation =
        "ncnn runs in the same Flask service behind OpenCV's decoder, by its C interface and with its default options; it computes in FP16 where the processor can. "
            + "Its INT8 network has the weights of the shipped one, and ncnn's symmetric activations with 7 bits behind a ReLU.";

    public static void Write(SideBySideOptions options, string date, string load, IReadOnlyList<Setting> settings, Accuracy accuracy)
    {
        Directory.CreateDirectory(options.Output);
        StringBuilder page = new();
        page.AppendLine("# EdgeShelf beside what people would use instead").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"Written by `{options.Command}` on {date}. Do not edit.{(options.IsQuick ? " **A quick try: these figures mean nothing.**" : "")}").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"- Machine: {Machine.Describe()}; load before the start: {load}");
        page.AppendLine(CultureInfo.InvariantCulture, $"- Versions: {Machine.Versions(options)}").AppendLine();
        if (double.Parse(load, CultureInfo.InvariantCulture) > Environment.ProcessorCount)
            page.AppendLine(CultureInfo.InvariantCulture, $"**The machine was busy with other work (load {load}): times are too long, and small differences are chance.** Run it again in a quiet hour.").AppendLine();
        foreach (string explanation in Explanations)
            page.AppendLine(explanation).AppendLine();
        if (options.Ncnn is not null)
            page.AppendLine(NcnnExplanation).AppendLine();
        foreach (Setting setting in settings)
            AppendSetting(page, setting);
        AppendAccuracy(page, accuracy);
        page.AppendLine("## Charts").AppendLine();
        foreach (Metric metric in Metric.All.Where(metric => metric.HasChart))
        {
            BarChart.Draw(metric, settings[0].Name, settings[0].Figures).Save(Path.Combine(options.Output, metric.Key + ".svg"));
            page.AppendLine(CultureInfo.InvariantCulture, $"![{metric.Title}]({metric.Key}.svg)").AppendLine();
        }
        File.WriteAllText(Path.Combine(options.Output, Name), page.ToString().TrimEnd() + "\n");
    }

    static void AppendSetting(StringBuilder page, Setting setting)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"## With {setting.Name}").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", setting.Figures.Select(figures => figures.Title))} | EdgeShelf is |");
        page.AppendLine(CultureInfo.InvariantCulture, $"| --- |{string.Concat(setting.Figures.Select(_ => " ---: |"))} --- |");
        foreach (Metric metric in Metric.All)
            page.AppendLine(CultureInfo.InvariantCulture, $"| {metric.Title} | {string.Join(" | ", setting.Figures.Select(metric.Text))} | {metric.Place(setting.Figures)} |");
        page.AppendLine();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"ONNX Runtime without a service, in turn: {setting.Int8:0.0} ms in INT8 as in EdgeShelf, {setting.Fp32:0.0} ms in FP32 with its default options ({setting.Fp32 / setting.Int8:0.0} times as long).").AppendLine();
    }

    static void AppendAccuracy(StringBuilder page, Accuracy accuracy)
    {
        page.AppendLine("## Accuracy").AppendLine();
        page.AppendLine(accuracy.IsLabelled
            ? $"{accuracy.Pictures} labelled pictures, through each service:"
            : $"No labelled pictures were given (`--data LIST.csv`). On {accuracy.Pictures} sample pictures, how often the services name what the FP32 network names first:").AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", accuracy.Scores.Select(score => score.Title))} |");
        page.AppendLine(CultureInfo.InvariantCulture, $"| --- |{string.Concat(accuracy.Scores.Select(_ => " ---: |"))}");
        page.AppendLine(CultureInfo.InvariantCulture, $"| first | {string.Join(" | ", accuracy.Scores.Select(score => Percent(score.First)))} |");
        page.AppendLine(CultureInfo.InvariantCulture, $"| among the first three | {string.Join(" | ", accuracy.Scores.Select(score => Percent(score.AmongThree)))} |").AppendLine();
        if (accuracy.IsLabelled)
            page.AppendLine(Standing(accuracy)).AppendLine();
        LogitDifference logits = accuracy.Logits;
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"The FP32 network is the INT8 network without rounding: on {logits.Pictures} sample pictures their logits differ by {logits.Mean:0.000} on average, where the highest and the lowest logit are {logits.Range:0.0} apart. "
                + $"The best label is the same on {logits.SameFirst}, and among the other's best three on {logits.SameThree}.").AppendLine();
    }

    /// <summary>Where EdgeShelf stands, and how much chance is in that.</summary>
    static string Standing(Accuracy accuracy)
    {
        Score ours = accuracy.Scores[0];
        Score best = accuracy.Scores.Skip(1).MaxBy(score => score.First)!;
        // The standard deviation of a share of so many pictures. Networks that differ only by rounding disagree on fewer.
        double chance = Math.Sqrt(ours.First * (1 - ours.First) / accuracy.Pictures);
        return ours.First >= best.First
            ? $"EdgeShelf is first, or as good as the first. One standard deviation of chance is {Points(chance)}."
            : $"EdgeShelf is {Points(best.First - ours.First)} behind {best.Title}, because of the rounding to INT8; one standard deviation of chance is {Points(chance)}.";
    }

    static string Points(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " points";

    static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}

/// <summary>What was measured with one processor or with all.</summary>
/// <param name="Name">For headings: `one processor`.</param>
/// <param name="Int8">The INT8 network alone in ONNX Runtime, in milliseconds.</param>
/// <param name="Fp32">The FP32 network alone in ONNX Runtime, in milliseconds.</param>
sealed record Setting(string Name, IReadOnlyList<Figures> Figures, double Int8, double Fp32);
