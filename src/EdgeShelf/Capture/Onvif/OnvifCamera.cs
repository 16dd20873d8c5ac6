using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Programs;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Onvif;

/// <summary>
/// A network camera that tells by ONVIF where its pictures are. It is asked before the first picture and again after a failure; the pictures come from
/// its snapshot address, or from its stream if it has no such address or does not serve it.
/// </summary>
/// <param name="findProgram">Returns the path of a program, or null. Tests pass another function.</param>
sealed class OnvifCamera(OnvifCameraOptions options, CameraSettings settings, Func<string, string?>? findProgram = null) : Camera
{
    public static readonly CameraKind<OnvifCameraOptions> Definition = new(
        "onvif", "Check that the camera has power and network, that ONVIF is turned on in it, and Capture:Onvif:Url.", CaptureJson.Default.OnvifCameraOptions, ProblemsOf,
        (options, settings) => new OnvifCamera(options, settings));

    const string DefaultPath = "/onvif/device_service";

    readonly SemaphoreSlim _one = new(1, 1);
    readonly RetryPause _pause = new(settings.Clock);
    readonly CameraClient _client = new(DeviceServiceOf(options.Url!), LoginOf(options), options.CaFile, options.AllowBasicOverHttp, settings.Clock);
    OnvifPictures? _pictures;
    Camera? _camera;
    bool _isDoubtful = true;

    /// <summary>The kind that takes the pictures, `http` or `rtsp`, or `onvif` until the camera has told it.</summary>
    public override string Kind => Volatile.Read(ref _camera)?.Kind ?? Definition.Name;

    public override async Task<Frame> CaptureAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(settings.Timeout, settings.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _one.WaitAsync(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Late(late);
        }
        try
        {
            bool isNew = _isDoubtful;
            Camera camera = await CameraAsync(either.Token);
            _isDoubtful = true;
            Frame frame = await PictureAsync(camera, isNew, either.Token);
            _isDoubtful = false;
            _pause.Succeeded();
            return frame;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Late(late);
        }
        finally
        {
            _one.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_camera is { } camera)
            await camera.DisposeAsync();
        _client.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The address of the device service. ONVIF's core specification names the path that is used if none is given.</summary>
    public static Uri DeviceServiceOf(string url)
    {
        Uri given = new(url);
        UriBuilder service = new(given) { Scheme = given.Scheme == "https" ? "https" : "http", Port = given.Port };
        if (given.AbsolutePath is "" or "/")
            service.Path = DefaultPath;
        return service.Uri;
    }

    /// <summary>Returns the camera that takes the pictures. If the last picture failed, the addresses may have changed, so they are asked for again.</summary>
    async Task<Camera> CameraAsync(CancellationToken cancellationToken)
    {
        if (_camera is { } trusted && !_isDoubtful)
            return trusted;
        _pause.ThrowIfTooEarly();
        OnvifPictures pictures;
        try
        {
            pictures = await AskAsync(wantsStream: false, cancellationToken);
        }
        catch (CaptureException failed)
        {
            _pause.Failed(failed);
            throw;
        }
        return await UseAsync(pictures);
    }

    Task<OnvifPictures> AskAsync(bool wantsStream, CancellationToken cancellationToken) =>
        new OnvifDevice(DeviceServiceOf(options.Url!), _client, LoginOf(options), settings.Clock).FindAsync(options.Profile, wantsStream, cancellationToken);

    /// <param name="isNew">Whether the camera told the address just now. An older one may have moved, so the next attempt asks for it again.</param>
    async Task<Frame> PictureAsync(Camera camera, bool isNew, CancellationToken cancellationToken)
    {
        string? otherHost = _pictures?.OtherHost;
        try
        {
            return await camera.CaptureAsync(cancellationToken);
        }
        catch (CaptureException failed) when (isNew && camera is HttpCamera && failed.Code is "camera-failed" or "camera-refused")
        {
            return await FromStreamAsync(OnvifDevice.WithHost(failed, otherHost, Definition.Section), cancellationToken);
        }
        catch (CaptureException failed)
        {
            throw OnvifDevice.WithHost(failed, otherHost, Definition.Section);
        }
    }

    /// <summary>Takes the picture from the stream of a camera that names an address for single pictures and does not serve it.</summary>
    /// <exception cref="CaptureException">The stream cannot be used either. The message is that of the snapshot, and the hint says what to do.</exception>
    async Task<Frame> FromStreamAsync(CaptureException snapshot, CancellationToken cancellationToken)
    {
        OnvifPictures pictures = await AskAsync(wantsStream: true, cancellationToken);
        if (pictures.Stream is null)
            throw With("The camera names no stream that could be used instead. Turn on snapshots in the camera's settings, and give its user the right to them.");
        if ((findProgram ?? Executable.Find)("ffmpeg") is null)
            throw With("The camera has a stream too: install the package ffmpeg to take the pictures from it.");
        Camera camera = await UseAsync(pictures with { Snapshot = null });
        try
        {
            return await camera.CaptureAsync(cancellationToken);
        }
        catch (CaptureException stream)
        {
            CaptureException both = With($"The camera's stream gives no picture either: {stream.Message}");
            _pause.Failed(both);
            throw both;
        }

        CaptureException With(string hint) => new(snapshot.Code, snapshot.Message, $"{snapshot.Hint} {hint}", snapshot);
    }

    /// <summary>Returns the camera for these addresses, which is the same as before if they are the same.</summary>
    async Task<Camera> UseAsync(OnvifPictures pictures)
    {
        if (_camera is { } still && pictures == _pictures)
            return still;
        if (_camera is { } old)
        {
            Volatile.Write(ref _camera, null);
            await old.DisposeAsync();
        }
        (Camera next, _pictures) = (Create(pictures), pictures);
        Volatile.Write(ref _camera, next);
        return next;
    }

    Camera Create(OnvifPictures pictures)
    {
        if (pictures.Snapshot is { } snapshot)
        {
            HttpCameraOptions http = new() { Url = snapshot.AbsoluteUri, User = options.User, PasswordFile = options.PasswordFile, CaFile = options.CaFile, AllowBasicOverHttp = options.AllowBasicOverHttp };
            return new HttpCamera(http, settings.Timeout, settings.Clock, Definition.Section) { Freeze = settings.Freeze };
        }
        RtspCameraOptions rtsp = new() { Url = pictures.Stream!.AbsoluteUri, User = options.User, PasswordFile = options.PasswordFile };
        return new RtspCamera(rtsp, settings.Timeout, settings.Clock, Definition.Section) { Freeze = settings.Freeze };
    }

    CaptureException Late(Exception late) => new(
        "camera-timeout", $"The camera `{Kind}` did not return a picture within {settings.Timeout.TotalSeconds:0.###} s.",
        "Check that the camera works outside EdgeShelf, or raise Capture:Timeout.", late);

    static CameraLogin LoginOf(OnvifCameraOptions onvif) => new(onvif.User, onvif.PasswordFile, "Capture:Onvif");

    static IEnumerable<string> ProblemsOf(OnvifCameraOptions onvif) =>
        LoginOf(onvif).ProblemsWith(onvif.Url, "onvif", "http", "https").Concat(SettingRules.ProblemsOfCaFile(onvif.CaFile, onvif.Url, "Capture:Onvif"));
}

sealed class OnvifCameraOptions
{
    /// <summary>The camera: `onvif://HOST` or `onvif://HOST:PORT`, or the http:// or https:// address of its device service.</summary>
    public string? Url { get; set; }

    /// <summary>The user name at the camera. Empty means no authentication.</summary>
    public string? User { get; set; }

    /// <summary>A file that contains only the password. It is read for each request.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The name or the token of the camera's profile, which decides on size and quality. Empty means the first one.</summary>
    public string? Profile { get; set; }

    /// <summary>Whether the snapshot address may get the password by basic authentication without encryption.</summary>
    public bool AllowBasicOverHttp { get; set; }

    /// <summary>A PEM file with the only certificates to trust for an https:// address. Empty means those of the system.</summary>
    public string? CaFile { get; set; }
}
