using EdgeShelf.Capture;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Systemd;

/// <summary>
/// Which piece of work is hung. Every stage gives up by itself within a limit of its own; the ones here are longer, so that
/// only a stage whose limit did not hold is judged.
/// </summary>
sealed class StallRule(IOptions<CaptureOptions> capture)
{
    /// <summary>After its time limit a camera still has programs to end and a device to close.</summary>
    static readonly TimeSpan CameraCleansUpWithin = TimeSpan.FromSeconds(30);

    /// <summary>The slowest board needs under a second; a picture of 25 megapixels some more.</summary>
    static readonly TimeSpan Inference = TimeSpan.FromSeconds(60);

    /// <summary>A worn SD card can block for half a minute.</summary>
    static readonly TimeSpan Outbox = TimeSpan.FromSeconds(90);

    /// <summary>Several exchanges of ten seconds each.</summary>
    static readonly TimeSpan Publish = TimeSpan.FromSeconds(120);

    public TimeSpan LimitOf(Stage stage) => stage switch
    {
        Stage.Capture => capture.Value.Timeout + CameraCleansUpWithin,
        Stage.Inference => Inference,
        Stage.Outbox => Outbox,
        Stage.Publish => Publish,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A new stage needs a limit."),
    };

    /// <returns>The work that is longest over its limit, or null while all get on.</returns>
    public WorkInHand? FindStalled(IEnumerable<WorkInHand> inHand)
    {
        WorkInHand[] stalled = [.. inHand.Where(work => work.For > LimitOf(work.Stage))];
        return stalled.Length == 0 ? null : stalled.MaxBy(work => work.For - LimitOf(work.Stage));
    }
}
