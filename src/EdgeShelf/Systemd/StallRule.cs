using EdgeShelf.Capture;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Systemd;

/// <summary>
/// Decides which piece of work is hung. Every stage has its own time limit. The limits here are longer, so that only a stage
/// that exceeded its own limit counts as hung.
/// </summary>
sealed class StallRule(IOptions<CaptureOptions> capture)
{
    /// <summary>The time after its own limit in which a camera ends its programs and closes its device.</summary>
    static readonly TimeSpan CameraCleansUpWithin = TimeSpan.FromSeconds(30);

    /// <summary>The limit for one picture, or for one batch of its slots. The slowest board needs seconds for a batch, and a picture of 25 megapixels needs more.</summary>
    static readonly TimeSpan Inference = TimeSpan.FromSeconds(60);

    /// <summary>The limit for the outbox. A worn SD card can block for half a minute.</summary>
    static readonly TimeSpan Outbox = TimeSpan.FromSeconds(90);

    /// <summary>The limit for the broker: several exchanges of ten seconds each.</summary>
    static readonly TimeSpan Publish = TimeSpan.FromSeconds(120);

    public TimeSpan LimitOf(Stage stage) => stage switch
    {
        Stage.Capture => capture.Value.Timeout + CameraCleansUpWithin,
        Stage.Inference => Inference,
        Stage.Outbox => Outbox,
        Stage.Publish => Publish,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A new stage needs a limit."),
    };

    /// <returns>The work that exceeds its limit by the most, or null if no work exceeds its limit.</returns>
    public WorkInHand? FindStalled(IEnumerable<WorkInHand> inHand)
    {
        WorkInHand[] stalled = [.. inHand.Where(work => work.For > LimitOf(work.Stage))];
        return stalled.Length == 0 ? null : stalled.MaxBy(work => work.For - LimitOf(work.Stage));
    }
}
