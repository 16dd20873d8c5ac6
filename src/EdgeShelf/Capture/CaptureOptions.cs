using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Capture;

/// <summary>The `Capture` section: the camera and when pictures are taken. <see cref="CaptureOptionsValidator"/> defines the ranges.</summary>
sealed class CaptureOptions
{
    public const string Section = "Capture";

    /// <summary>The kind of camera: one of <see cref="CameraKinds.All"/>.</summary>
    public string Camera { get; set; } = CameraKinds.Default.Name;

    /// <summary>The interval between pictures of the timer. Zero turns the timer off.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum time for one picture. After that the camera counts as hung.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The number of pictures with the same bytes in a row after which a live camera counts as frozen and its pictures as unusable. Zero turns
    /// the check off.
    /// </summary>
    public int FrozenAfter { get; set; } = 5;

    public GpioOptions Gpio { get; set; } = new();
}
