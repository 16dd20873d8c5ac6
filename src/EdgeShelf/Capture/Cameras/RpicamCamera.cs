using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A Raspberry Pi camera that stays on: rpicam-vid runs continuously, so that a picture takes only milliseconds.</summary>
sealed class RpicamCamera(RpicamCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<RpicamCameraOptions> Definition = new(
        "rpicam", "Check its cable and power; `edgeshelf doctor` tries it.", CaptureJson.Default.RpicamCameraOptions, ProblemsOf,
        (options, settings) => options.Warm
            ? new RpicamCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze }
            : new RpicamStillCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze })
    {
        Absent = options => new RpicamTool(options).IsInstalled(options.Warm ? "vid" : "still")
            ? []
            : [$"Capture:Rpicam:ToolsFolder is {SettingRules.Shown(options.ToolsFolder)}, and rpicam-{(options.Warm ? "vid" : "still")} is not there now; install the package rpicam-apps-lite"],
    };

    readonly RpicamTool _tool = new(options);
    MjpegStream? _stream;
    MjpegStream? _before;
    string? _lastWords;

    public override string Kind => Definition.Name;

    protected override string? LastWords => _lastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = _tool.Find("vid");
        _stream ??= new MjpegStream(program, _tool.StreamArguments, options.WarmUpFrames, Clock, _before);
        try
        {
            return new Taken(await _stream.NextAsync(options.MaxAge, cancellationToken), program);
        }
        catch
        {
            // After any failure the next picture starts a new process. This process must have released the camera by then.
            await StopAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await StopAsync();
    }

    async Task StopAsync()
    {
        if (_stream is not { } stream)
            return;
        (_stream, _before) = (null, stream);
        await stream.DisposeAsync();
        _lastWords = stream.LastWords;
    }

    static IEnumerable<string> ProblemsOf(RpicamCameraOptions rpicam)
    {
        if (!SettingRules.IsBetween(rpicam.Width, 64, SettingRules.MaxSide, "Capture:Rpicam:Width", out string? problem))
            yield return problem;
        if (!SettingRules.IsBetween(rpicam.Height, 64, SettingRules.MaxSide, "Capture:Rpicam:Height", out problem))
            yield return problem;
        if (!SettingRules.IsBetween(rpicam.FrameRate, 1, 30, "Capture:Rpicam:FrameRate", out problem))
            yield return problem;
        if (!SettingRules.IsBetween(rpicam.WarmUpFrames, 0, 100, "Capture:Rpicam:WarmUpFrames", out problem))
            yield return problem;
        if (rpicam.MaxAge < TimeSpan.Zero || rpicam.MaxAge > TimeSpan.FromMinutes(1))
            yield return $"Capture:Rpicam:MaxAge is {Duration.Text(rpicam.MaxAge)}; allowed are 0 to 60 s";
    }
}

sealed class RpicamCameraOptions
{
    /// <summary>Whether the camera keeps running between pictures. If not, each picture takes seconds, but the camera uses no power in between.</summary>
    public bool Warm { get; set; } = true;

    /// <summary>The width in pixels. The network uses 224 x 224 of the picture; the rest is for people who look at it.</summary>
    public int Width { get; set; } = 1280;
    public int Height { get; set; } = 960;

    /// <summary>The number of pictures per second while the camera is kept running.</summary>
    public int FrameRate { get; set; } = 2;

    /// <summary>The number of pictures to skip after the start, while exposure and white balance settle.</summary>
    public int WarmUpFrames { get; set; } = 4;

    /// <summary>The maximum age of a picture from the running camera. If the last picture is older, the camera waits for the next one.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Additional arguments for the tool's command line, such as `--rotation`, `180`.</summary>
    public IList<string> Arguments { get; set; } = [];

    /// <summary>The folder with rpicam-vid and rpicam-still. Empty means that they are on the PATH.</summary>
    public string? ToolsFolder { get; set; }
}
