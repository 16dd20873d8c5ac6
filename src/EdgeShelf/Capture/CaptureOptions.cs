using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.V4l2;

namespace EdgeShelf.Capture;

/// <summary>The `Capture` section: where pictures come from and when one is taken. <see cref="CaptureOptionsValidator"/> has the ranges.</summary>
sealed class CaptureOptions
{
    public const string Section = "Capture";

    /// <summary>One of <see cref="CameraKinds.All"/>.</summary>
    public string Camera { get; set; } = CameraKinds.Folder;

    /// <summary>Between two pictures of the timer; zero turns the timer off.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one picture may take before the camera counts as hung.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A live camera that gives the same bytes for this many pictures in a row is frozen, and its pictures unusable. Zero: never.</summary>
    public int FrozenAfter { get; set; } = 5;

    public FolderCameraOptions Folder { get; set; } = new();
    public HttpCameraOptions Http { get; set; } = new();
    public CommandCameraOptions Command { get; set; } = new();
    public RpicamCameraOptions Rpicam { get; set; } = new();
    public V4l2CameraOptions V4l2 { get; set; } = new();
    public GpioOptions Gpio { get; set; } = new();
}

sealed class FolderCameraOptions
{
    /// <summary>Holds JPEG or PNG files; sub-folders are left alone. It may come into being later.</summary>
    public string? Path { get; set; }

    /// <summary>Begin again with the first picture after the last one.</summary>
    public bool Loop { get; set; } = true;

    /// <summary>Take each picture that newly arrives in the folder instead of replaying what is there. The timer is off then.</summary>
    public bool Watch { get; set; }
}

sealed class HttpCameraOptions
{
    /// <summary>Answers with one JPEG or PNG, not with a stream.</summary>
    public string? Url { get; set; }

    /// <summary>For basic or digest authentication; empty means none.</summary>
    public string? User { get; set; }

    /// <summary>A file that holds the password and nothing else; it is read anew when the camera asks.</summary>
    public string? PasswordFile { get; set; }
}

sealed class CommandCameraOptions
{
    /// <summary>Writes one JPEG or PNG to standard output and ends with 0. A path, or a name on the PATH.</summary>
    public string? Program { get; set; }

    /// <summary>Passed as they are; no shell reads them.</summary>
    public IList<string> Arguments { get; set; } = [];
}

sealed class RpicamCameraOptions
{
    /// <summary>Keep the camera running between pictures. Without it each picture takes seconds, and no power is used in between.</summary>
    public bool Warm { get; set; } = true;

    /// <summary>In pixels. The network sees 224 x 224 of it; people look at the rest.</summary>
    public int Width { get; set; } = 1280;
    public int Height { get; set; } = 960;

    /// <summary>Pictures a second while warm.</summary>
    public int FrameRate { get; set; } = 2;

    /// <summary>Pictures left out after the start, while exposure and white balance settle.</summary>
    public int WarmUpFrames { get; set; } = 4;

    /// <summary>A picture that the warm camera gave longer ago is not used; the next one is waited for.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Added to the tool's command line, such as `--rotation`, `180`.</summary>
    public IList<string> Arguments { get; set; } = [];

    /// <summary>Where rpicam-vid and rpicam-still are; empty means the PATH.</summary>
    public string? ToolsFolder { get; set; }
}

sealed class V4l2CameraOptions
{
    /// <summary>The device node. Numbers change from boot to boot; names in /dev/v4l/by-id do not.</summary>
    public string Device { get; set; } = "/dev/video0";

    /// <summary>In pixels; a camera takes the nearest size it has.</summary>
    public int Width { get; set; } = 1280;
    public int Height { get; set; } = 720;

    /// <summary>`mjpeg`, `yuyv`, `nv12`, or `auto` for the first of them that the camera has.</summary>
    public string Format { get; set; } = V4l2Format.Auto;

    /// <summary>Pictures left out after the start, while exposure and white balance settle.</summary>
    public int WarmUpFrames { get; set; } = 5;
}
