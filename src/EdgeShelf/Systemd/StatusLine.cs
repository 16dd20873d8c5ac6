using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Systemd;

/// <summary>Makes the line that `systemctl status` shows: the camera, the broker and the last result. Times are UTC.</summary>
static class StatusLine
{
    public static string Of(StatusSnapshot now) => $"{Camera(now)}; {Storage(now)}{Broker(now)}; {LastResult(now)}";

    static string Camera(StatusSnapshot now) => now.Camera.State switch
    {
        PartState.Working => "camera works",
        PartState.Failing => $"camera fails since {Clock(now.Camera.Since)} ({now.Camera.Code}: {now.Camera.Message})",
        _ => now.HasNoCamera ? "no camera yet" : "no picture yet",
    };

    static string Storage(StatusSnapshot now) => now.Storage.State == PartState.Failing
        ? $"results cannot be kept since {Clock(now.Storage.Since)} ({now.Storage.Message}); "
        : "";

    static string Broker(StatusSnapshot now) => now switch
    {
        { BrokerConnected: true } => "broker connected",
        { BrokerProblem: { } problem } => $"broker away since {Clock(now.BrokerSince)} ({problem})",
        _ => "broker not reached yet",
    };

    static string LastResult(StatusSnapshot now)
    {
        if (now.LastResult is not { } result)
            return "no result yet";
        return string.Create(CultureInfo.InvariantCulture, $"{now.Captures} results, last #{result.Seq} {Answer(result.Result)} at {Clock(now.LastResultAt)}");
    }

    static string Answer(ShelfResult result) => result.Slots[0].Verdict is null
        ? string.Create(CultureInfo.InvariantCulture, $"{result.Slots[0].Top[0].Label} {result.Slots[0].Top[0].Confidence:P0}")
        : $"{result.Slots.Count(slot => slot.Verdict == Verdict.Match)} of {result.Slots.Count(slot => slot.Expected is not null)} products in place";

    static string Clock(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "start";
}
