using EdgeShelf.Shelf;

namespace EdgeShelf.Capture;

/// <summary>A picture could not be taken. The next attempt may succeed.</summary>
/// <param name="code">A stable, machine-readable code: `camera-timeout`, `camera-unreachable`, `camera-refused`, `camera-failed`, `camera-stuck`, `no-camera`, `no-picture`, `not-a-picture`, `too-large`, `picture-set-aside`.</param>
sealed class CaptureException(string code, string message, string hint, Exception? inner = null)
    : EdgeShelfException(message, hint, inner)
{
    /// <summary>The code of a device to which no camera was ever connected. This is a state and not a failure.</summary>
    public const string NoCamera = "no-camera";

    public override string Code { get; } = code;
}
