using EdgeShelf.Capture.Cameras;

namespace EdgeShelf.Capture.V4l2;

/// <summary>A USB camera or another V4L2 device. It is opened for each picture, so that it can be unplugged and plugged in again.</summary>
sealed class V4l2Camera(V4l2CameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<V4l2CameraOptions> Definition = new(
        "v4l2", "Check its cable and power; `edgeshelf doctor` tries it.", CaptureJson.Default.V4l2CameraOptions, ProblemsOf,
        (options, settings) => new V4l2Camera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze })
    {
        Absent = options => File.Exists(options.Device) ? [] : [$"Capture:V4l2:Device is {options.Device}, which is not there now; there are {Devices()}"],
    };

    public override string Kind => Definition.Name;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken) => RunBlockingAsync(() => Take(cancellationToken), cancellationToken);

    Taken Take(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Device))
            throw new CaptureException("camera-unreachable", $"There is no {options.Device}; there are {Devices()}.", "Plug the camera in, or correct Capture:V4l2:Device; names in /dev/v4l/by-id stay the same.");
        try
        {
            using V4l2Stream stream = V4l2Stream.Open(options);
            // Exposure and white balance need a few frames to settle. The first frames are dark, green or torn.
            for (int i = 0; i < options.WarmUpFrames; i++)
                stream.Skip(cancellationToken);
            return new Taken(stream.Next(cancellationToken), options.Device, Layout: V4l2Format.LayoutOf(stream.Format));
        }
        catch (IOException refused)
        {
            throw new CaptureException("camera-failed", $"{refused.Message}.", "Check that no other program uses the camera, and that the service's user is in the group video.", refused);
        }
    }

    static string Devices()
    {
        string[] byId = Directory.Exists("/dev/v4l/by-id") ? Directory.GetFiles("/dev/v4l/by-id") : [];
        string[] all = byId.Length > 0 ? byId : Directory.GetFiles("/dev", "video*");
        return all.Length > 0 ? string.Join(", ", all.Order(StringComparer.Ordinal)) : "no cameras";
    }

    static IEnumerable<string> ProblemsOf(V4l2CameraOptions v4l2)
    {
        if (!v4l2.Device.StartsWith("/dev/", StringComparison.Ordinal))
            yield return $"Capture:V4l2:Device is {SettingRules.Shown(v4l2.Device)}; allowed are device nodes, such as /dev/v4l/by-id/usb-camera-index0";
        if (!SettingRules.IsBetween(v4l2.Width, 64, SettingRules.MaxSide, "Capture:V4l2:Width", out string? problem))
            yield return problem;
        if (!SettingRules.IsBetween(v4l2.Height, 64, SettingRules.MaxSide, "Capture:V4l2:Height", out problem))
            yield return problem;
        if (v4l2.Format != V4l2Format.Auto && !V4l2Format.Codes.ContainsKey(v4l2.Format))
            yield return $"Capture:V4l2:Format is {SettingRules.Shown(v4l2.Format)}; allowed are {V4l2Format.Auto}, {string.Join(", ", V4l2Format.Codes.Keys)}";
        if (!SettingRules.IsBetween(v4l2.WarmUpFrames, 0, 100, "Capture:V4l2:WarmUpFrames", out problem))
            yield return problem;
    }
}

sealed class V4l2CameraOptions
{
    /// <summary>The device node. Numbers change from boot to boot; names in /dev/v4l/by-id do not.</summary>
    public string Device { get; set; } = "/dev/video0";

    /// <summary>The width in pixels. The camera uses the nearest size that it supports.</summary>
    public int Width { get; set; } = 1280;
    public int Height { get; set; } = 720;

    /// <summary>The format: `mjpeg`, `yuyv`, `nv12`, or `auto` for the first of them that the camera supports.</summary>
    public string Format { get; set; } = V4l2Format.Auto;

    /// <summary>The number of pictures to skip after the start, while exposure and white balance settle.</summary>
    public int WarmUpFrames { get; set; } = 5;

    /// <summary>The same settings for another device.</summary>
    public V4l2CameraOptions At(string device) => new() { Device = device, Width = Width, Height = Height, Format = Format, WarmUpFrames = WarmUpFrames };
}
