using System.Text.Json.Nodes;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Triggers;

/// <summary>`request/interval`: changes the interval of the timer until the next start. Without a value it returns the current interval.</summary>
static class IntervalCommand
{
    public static RequestCommand Create(CaptureInterval interval) => new(
        "interval", "Changes the interval between pictures, in seconds or as 90s, 10m, 2h or hours:minutes:seconds, until the next start.", value =>
        {
            if (value is not null)
                Change(interval, value);
            return new JsonObject { ["interval_s"] = interval.Current.TotalSeconds };
        })
    { TakesValue = true };

    static void Change(CaptureInterval interval, string value)
    {
        // By contract, a number without a unit means seconds in this request; settings have no such rule.
        string text = value.All(letter => char.IsAsciiDigit(letter) || letter == '.') ? value + "s" : value;
        if (!Duration.TryParse(text, out TimeSpan wanted, out _) || !interval.TryChange(wanted))
            throw new RequestRefusedException(
                "bad-value",
                interval.Current == TimeSpan.Zero
                    ? "The configuration turns the timer off (Capture:Interval, Capture:Folder:Watch), so its interval cannot be changed."
                    : $"The interval is `{value}`; allowed are {CaptureInterval.Shortest.TotalSeconds:0} to {CaptureInterval.Longest.TotalSeconds:0} seconds, written as 90, 90s, 10m, 2h or 00:01:30.");
    }
}
