using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Capture;

/// <summary>The `Capture` section: where pictures come from and when one is taken. <see cref="CaptureOptionsValidator"/> has the ranges.</summary>
sealed class CaptureOptions
{
    public const string Section = "Capture";

    /// <summary>One of <see cref="CameraKinds.All"/>.</summary>
    public string Camera { get; set; } = CameraKinds.Default.Name;

    /// <summary>Between two pictures of the timer; zero turns the timer off.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one picture may take before the camera counts as hung.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A live camera that gives the same bytes for this many pictures in a row is frozen, and its pictures unusable. Zero: never.</summary>
    public int FrozenAfter { get; set; } = 5;

    public GpioOptions Gpio { get; set; } = new();
}
