using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;

namespace EdgeShelf.Capture.Onvif;

/// <summary>
/// A network camera that tells by ONVIF where its pictures are. It is asked before the first picture and again after a failure; the pictures come from
/// its snapshot address, or from its stream if it has no such address.
/// </summary>
sealed class OnvifCamera(OnvifCameraOptions options, CameraSettings settings) : Camera
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
            Camera camera = await CameraAsync(either.Token);
            _isDoubtful = true;
            Frame frame = await camera.CaptureAsync(either.Token);
            _isDoubtful = false;
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
            pictures = await new OnvifDevice(DeviceServiceOf(options.Url!), _client, LoginOf(options), settings.Clock).FindAsync(options.Profile, cancellationToken);
            _pause.Succeeded();
        }
        catch (CaptureException failed)
        {
            _pause.Failed(failed);
            throw;
        }
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
