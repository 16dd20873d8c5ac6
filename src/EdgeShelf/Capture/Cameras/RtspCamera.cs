using System.Text;
using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// A network camera with an RTSP stream of H.264 or H.265. ffmpeg connects for each picture and decodes the next frame that is complete in
/// itself, so that no picture is older than the request for it. The password never stands on a command line: it is in a file that only this user can read.
/// </summary>
/// <param name="section">The section of the settings for messages, if it is not that of this kind.</param>
sealed class RtspCamera(RtspCameraOptions options, TimeSpan timeout, TimeProvider clock, string? section = null) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<RtspCameraOptions> Definition = new(
        "rtsp", "Check that the camera has power and network, and Capture:Rtsp:Url.", CaptureJson.Default.RtspCameraOptions, ProblemsOf,
        (options, settings) => new RtspCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze })
    {
        Absent = options => Executable.Find(Program(options)) is null ? [$"Capture:Rtsp:Program is {Program(options)}, which is not there now; install the package ffmpeg"] : [],
    };

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly OneShotProgram _program = new(clock);
    readonly RetryPause _pause = new(clock);
    readonly Uri _url = new(options.Url!);
    readonly CameraLogin _login = LoginOf(options, section);
    DirectoryInfo? _folder;
    string _secret = "";

    public override string Kind => Definition.Name;

    protected override string? LastWords => _program.LastWords is { } words ? WithoutSecret(words) : null;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        _pause.ThrowIfTooEarly();
        try
        {
            string list = await WriteListAsync(cancellationToken);
            byte[] picture = await _program.RunAsync(Program(options), ArgumentsFor(list), cancellationToken);
            _pause.Succeeded();
            return new Taken(picture, Shown);
        }
        catch (CaptureException failed)
        {
            CaptureException told = Explain(failed);
            _pause.Failed(told);
            throw told;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Interlocked.Exchange(ref _folder, null)?.Delete(recursive: true);
    }

    string Shown => SettingRules.WithoutSecrets(_url);

    static string Program(RtspCameraOptions options) => string.IsNullOrEmpty(options.Program) ? "ffmpeg" : options.Program;

    /// <summary>
    /// Only frames that are complete in themselves are decoded, and one thread encodes the JPEG: several would write restart markers out of order. The rate
    /// of the frames is not estimated, which would take ffmpeg seconds.
    /// </summary>
    static string[] ArgumentsFor(string list) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,rtsp,rtsps,rtp,udp,tcp,tls,crypto", "-safe", "0", "-f", "concat", "-skip_frame", "nokey", "-fpsprobesize", "0",
        "-i", list, "-an", "-frames:v", "1", "-c:v", "mjpeg", "-threads:v", "1", "-q:v", "2", "-f", "image2pipe", "pipe:1",
    ];

    /// <summary>Writes the address with name and password into a list of one stream, in a folder that only this user can enter.</summary>
    async Task<string> WriteListAsync(CancellationToken cancellationToken)
    {
        UriBuilder address = new(_url);
        if (!string.IsNullOrEmpty(options.User))
            (address.UserName, address.Password) = (Uri.EscapeDataString(options.User), Uri.EscapeDataString(_login.ReadPassword()));
        // A quote would end the name in the list; in an address it may be written as %27.
        string name = address.Uri.AbsoluteUri.Replace("'", "%27", StringComparison.Ordinal);
        _secret = string.IsNullOrEmpty(options.User) ? "" : name[(name.IndexOf("//", StringComparison.Ordinal) + 2)..(name.IndexOf('@', StringComparison.Ordinal) + 1)];
        _folder ??= Directory.CreateTempSubdirectory("edgeshelf-rtsp-");
        string list = Path.Combine(_folder.FullName, "stream");
        await using FileStream file = new(list, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await file.WriteAsync(Encoding.UTF8.GetBytes($"ffconcat version 1.0\nfile '{name}'\noption rtsp_transport {options.Transport.ToString().ToLowerInvariant()}\noption fpsprobesize 0\n"), cancellationToken);
        return list;
    }

    /// <summary>Returns why there is no picture, in ffmpeg's words. They repeat the address, so the password is removed.</summary>
    /// <remarks>The exception of ffmpeg is not kept inside the new one, because a stack trace would show it.</remarks>
    CaptureException Explain(CaptureException failed)
    {
        string message = WithoutSecret(failed.Message);
        bool Says(params string[] words) => words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (Says("401 Unauthorized", "403 Forbidden"))
            return new CaptureException("camera-refused", $"{Shown} refuses the login.", $"Correct {_login.Section}:User and the password in {_login.Section}:PasswordFile.");
        if (Says("404 Not Found", "Stream Not Found"))
            return new CaptureException("camera-failed", $"{Shown} has no such stream.", $"Correct the path in {_login.Section}:Url; the camera's manual or its page names it.");
        if (Says("Connection refused", "No route to host", "Network is unreachable", "Connection timed out", "Name or service not known", "Temporary failure in name resolution"))
            return new CaptureException("camera-unreachable", $"{Shown} cannot be reached.", "Check that the camera is on and that its address is correct.");
        return new CaptureException(failed.Code, message, failed.Hint);
    }

    string WithoutSecret(string text) => _secret.Length == 0 ? text : text.Replace(_secret, "", StringComparison.Ordinal);

    static CameraLogin LoginOf(RtspCameraOptions rtsp, string? section = null) => new(rtsp.User, rtsp.PasswordFile, section ?? "Capture:Rtsp");

    static IEnumerable<string> ProblemsOf(RtspCameraOptions rtsp) => LoginOf(rtsp).ProblemsWith(rtsp.Url, "rtsp", "rtsps");
}

sealed class RtspCameraOptions
{
    /// <summary>The address of the stream.</summary>
    public string? Url { get; set; }

    /// <summary>The user name for basic or digest authentication. Empty means no authentication.</summary>
    public string? User { get; set; }

    /// <summary>A file that contains only the password. It is read for each picture.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>How the camera sends its packets. TCP loses none of them.</summary>
    public RtspTransport Transport { get; set; } = RtspTransport.Tcp;

    /// <summary>The ffmpeg program, as a path or as a name on the PATH.</summary>
    public string? Program { get; set; }
}

enum RtspTransport { Tcp, Udp }
