using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeShelf.Configuration;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Exchange;
using EdgeShelf.Teaching.Review;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf review list|export`: shows what waits for a person, and writes the whole pictures that were named. It only reads, while the service is running or not.</summary>
static class ReviewCommand
{
    public static Command Create() => new("review", "Show what the device asks, and export pictures that were named.") { List(), Export() };

    static Command List()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print JSON, for scripts." };
        Command command = new("list", "List what waits for an answer, the newest first. It is answered on the page, or with POST /api/review.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using ReviewQueue? queue = Open(parsed, common);
            TextWriter output = parsed.InvocationConfiguration.Output;
            ReviewEntry[] waiting = [.. queue?.Now.Waiting.Reverse() ?? []];
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(new ReviewDocument(
                    waiting.Length, [.. queue?.Weeks().Select(ReviewWeekDocument.Of) ?? []], [.. waiting.Select(entry => ReviewEntryDocument.Of(entry, entry.Seen, _ => null))]), TeachingJson.Wire.ReviewDocument));
                return;
            }
            foreach (ReviewEntry entry in waiting)
            {
                string says = entry.Label is null ? "looks like nothing known" : string.Create(CultureInfo.InvariantCulture, $"says {PlainText.Shown(entry.Label)}{(entry.Confidence is { } confidence ? $" ({confidence:0.00})" : "")}");
                string expected = entry.Expected is { } label && label != entry.Label ? $", {PlainText.Shown(label)} is expected" : "";
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Id,6}  {entry.At.UtcDateTime:yyyy-MM-dd HH:mm}  {entry.Slot,-10}  {entry.Reason,-15}  {says}{expected}"));
            }
            ReviewWeek? last = queue?.Weeks() is [.., var week] ? week : null;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{waiting.Length} {(waiting.Length == 1 ? "picture waits" : "pictures wait")} for an answer.{(last is null ? "" : $" In the week of {last.Monday:yyyy-MM-dd} the device was right in {last.Right} of {last.Answered} answers.")}"));
        });
        return command;
    }

    static Command Export()
    {
        CommonOptions common = new();
        Argument<string> folder = new("DIR") { Description = "The folder to write. It must not exist yet." };
        Command command = new("export", $"Write the whole pictures that were named in the review queue, by product, for `model train --data`. Of the last {ReviewDatabase.PastKept} answers pictures are kept.") { folder };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            using ReviewQueue? queue = Open(parsed, common);
            // A picture without goods is not a product that a model can be trained on.
            int count = ProductExport.Write(
                parsed.GetRequiredValue(folder),
                queue?.NamedPictures().Where(named => named.Label != Planogram.EmptyLabel).Select(named => new ExportedPicture(named.Label, null, named.Entry.Id, named.Entry.At, () => queue.Crop(named.Entry.Id))) ?? [], []);
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} pictures are in {Path.GetFullPath(parsed.GetRequiredValue(folder))}."));
        });
        return command;
    }

    /// <returns>The queue, or null if there is none yet: a verb that reads leaves no file behind.</returns>
    static ReviewQueue? Open(ParseResult parsed, CommonOptions common)
    {
        IConfigurationRoot configuration = common.Configuration(parsed);
        string state = ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State;
        if (!File.Exists(Path.Combine(state, ReviewQueue.FileName)))
            return null;
        ReviewQueue queue = new(state, ConfigurationCheck.Read<TeachingOptions>(configuration, TeachingOptions.Section), TimeProvider.System, NullLogger<ReviewQueue>.Instance);
        try
        {
            queue.Open();
            return queue;
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }
}
