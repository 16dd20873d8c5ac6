using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// A Raspberry Pi camera that stays on between pictures: rpicam-vid runs on, so that a picture takes only milliseconds. On a device without a button it
/// ends when no picture was asked for in <see cref="RpicamCameraOptions.StopAfter"/>, because each of its pictures is encoded by the processor.
/// </summary>
/// <param name="hasButton">Whether the device has a button. Who presses it waits for the picture.</param>
sealed class RpicamCamera(RpicamCameraOptions options, TimeSpan timeout, TimeProvider clock, bool hasButton = false) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<RpicamCameraOptions> Definition = new(
        "rpicam", "Check its cable and power; `edgeshelf doctor` tries it.", CaptureJson.Default.RpicamCameraOptions, ProblemsOf,
        (options, settings) => options.Warm
            ? new RpicamCamera(options, settings.Timeout, settings.Clock, settings.HasButton) { Freeze = settings.Freeze }
            : new RpicamStillCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze })
    {
        Absent = options => new RpicamTool(options).IsInstalled(options.Warm ? "vid" : "still")
            ? []
            : [$"Capture:Rpicam:ToolsFolder is {SettingRules.Shown(options.ToolsFolder)}, and rpicam-{(options.Warm ? "vid" : "still")} is not there now; install the package rpicam-apps-lite"],
    };

    readonly RpicamTool _tool = new(options);
    readonly WarmTime _warm = new(hasButton ? TimeSpan.Zero : options.StopAfter, clock);
    readonly SemaphoreSlim _streamGate = new(1, 1);
    ITimer? _idle;
    MjpegStream? _stream;
    MjpegStream? _before;
    string? _lastWords;

    public override string Kind => Definition.Name;

    protected override string? LastWords => _lastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = _tool.Find("vid");
        await _streamGate.WaitAsync(cancellationToken);
        try
        {
            _idle?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _stream ??= new MjpegStream(program, _tool.StreamArguments, options.WarmUpFrames, Clock, _before);
            Taken taken = new(await _stream.NextAsync(options.MaxAge, cancellationToken), program);
            if (_warm.AfterPicture() is { } runsOn)
                StopAfter(runsOn);
            return taken;
        }
        catch
        {
            // After any failure the next picture starts a new process. This process must have released the camera by then.
            await StopAsync();
            throw;
        }
        finally
        {
            _streamGate.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_idle is { } idle)
            await idle.DisposeAsync();
        // Whoever still waits for a picture gets none any more when the program ends. A second call finds nothing to stop.
        bool isFree = await _streamGate.WaitAsync(DisposeLimit);
        try
        {
            await StopAsync();
        }
        finally
        {
            if (isFree)
                _streamGate.Release();
        }
    }

    void StopAfter(TimeSpan time)
    {
        _idle ??= Clock.CreateTimer(_ => _ = StopIfIdleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _idle.Change(time, Timeout.InfiniteTimeSpan);
    }

    async Task StopIfIdleAsync()
    {
        // Whoever takes a picture now sets the timer again.
        if (!await _streamGate.WaitAsync(TimeSpan.Zero))
            return;
        try
        {
            await StopAsync();
        }
        finally
        {
            _streamGate.Release();
        }
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
        if (rpicam.StopAfter != TimeSpan.Zero && (rpicam.StopAfter < TimeSpan.FromSeconds(1) || rpicam.StopAfter > TimeSpan.FromDays(1)))
            yield return $"Capture:Rpicam:StopAfter is {Duration.Text(rpicam.StopAfter)}; allowed are 1 s to 1 d, or 0 to keep the camera running";
        if (rpicam.MaxAge < TimeSpan.Zero || rpicam.MaxAge > TimeSpan.FromMinutes(1))
            yield return $"Capture:Rpicam:MaxAge is {Duration.Text(rpicam.MaxAge)}; allowed are 0 to 60 s";
    }
}

sealed class RpicamCameraOptions
{
    /// <summary>Whether the camera keeps running between pictures that follow each other soon. If not, each picture takes seconds, but the camera uses no power in between.</summary>
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

    /// <summary>
    /// The time without a picture after which the running camera is stopped. The next picture then takes about three seconds. Zero means that it is never
    /// stopped. With a button it is never stopped.
    /// </summary>
    public TimeSpan StopAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Additional arguments for the tool's command line, such as `--rotation`, `180`.</summary>
    public IList<string> Arguments { get; set; } = [];

    /// <summary>The folder with rpicam-vid and rpicam-still. Empty means that they are on the PATH.</summary>
    public string? ToolsFolder { get; set; }
}
