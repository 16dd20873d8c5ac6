using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A Raspberry Pi camera that is kept warm: rpicam-vid runs all the time and a picture costs milliseconds.</summary>
sealed class RpicamCamera(RpicamCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<RpicamCameraOptions> Definition = new(
        "rpicam", "Check its cable and power; `edgeshelf doctor` tries it.", ProblemsOf,
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
            // Whatever went wrong, the next picture begins with a new process; this one must have let go of the camera by then.
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
