using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Triggers;

/// <summary>`request/interval`: changes the timer's interval until the next start. Without a value it answers with what is in force.</summary>
static class IntervalCommand
{
    public static RequestCommand Create(CaptureInterval interval) => new(
        "interval", "Changes the interval between two pictures, in seconds or as hours:minutes:seconds, until the next start.", value =>
        {
            if (value is not null)
                Change(interval, value);
            return new { interval_s = interval.Current.TotalSeconds };
        });

    static void Change(CaptureInterval interval, string value)
    {
        TimeSpan? wanted = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= CaptureInterval.Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out TimeSpan time) ? time : null;
        if (wanted is null || !interval.TryChange(wanted.Value))
            throw new RequestRefusedException(
                "bad-value",
                interval.Current == TimeSpan.Zero
                    ? "There is no timer by configuration (Capture:Interval, Capture:Folder:Watch), so its interval cannot be changed."
                    : $"The interval is `{value}`; allowed are {CaptureInterval.Shortest.TotalSeconds:0} to {CaptureInterval.Longest.TotalSeconds:0} seconds, or hours:minutes:seconds.");
    }
}
