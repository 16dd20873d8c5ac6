namespace EdgeShelf.Capture.Cameras;

/// <summary>A Raspberry Pi camera that is kept warm: rpicam-vid runs all the time and a picture costs milliseconds.</summary>
sealed class RpicamCamera(RpicamCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    readonly RpicamTool _tool = new(options);
    MjpegStream? _stream;
    string? _lastWords;

    public override string Kind => CameraKinds.Rpicam;

    protected override string? LastWords => _lastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = _tool.Find("vid");
        _stream ??= new MjpegStream(program, _tool.StreamArguments, options.WarmUpFrames, Clock);
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
        _stream = null;
        await stream.DisposeAsync();
        _lastWords = stream.LastWords;
    }
}
