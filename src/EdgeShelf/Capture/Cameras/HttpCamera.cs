using System.Net;
using System.Net.Http.Headers;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Requests one picture from a URL. Answers are not trusted: status, type, length and first bytes are checked.</summary>
sealed class HttpCamera : BoundedCamera
{
    public static readonly CameraKind<HttpCameraOptions> Definition = new(
        "http", "Check that the camera has power and network, and Capture:Http:Url.", CaptureJson.Default.HttpCameraOptions, ProblemsOf,
        (options, settings) => new HttpCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze });

    const int MaxRedirects = 3;

    readonly HttpCameraOptions _options;
    readonly Uri _url;
    readonly string _shown;
    readonly NetworkCredential _login;
    readonly HttpClient _client;

    public HttpCamera(HttpCameraOptions options, TimeSpan timeout, TimeProvider clock) : base(timeout, clock)
    {
        _options = options;
        _url = new Uri(options.Url!);
        _shown = SettingRules.WithoutSecrets(_url);
        _login = new NetworkCredential(options.User, "");
        Uri server = new(_url, "/");
        CredentialCache logins = [];
        // The credentials are bound to this server, so that a redirect to another server does not get the password.
        if (MaySendBasic)
            logins.Add(server, "Basic", _login);
        logins.Add(server, "Digest", _login);
        SocketsHttpHandler handler = new()
        {
            Credentials = string.IsNullOrEmpty(options.User) ? null : logins,
            PreAuthenticate = true,
            // Redirects are followed in GetAsync, because not every redirect is allowed.
            AllowAutoRedirect = false,
            // Resolve the name again from time to time, because the IP address of a camera can change.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            // A camera is in the local network, which a proxy for the internet usually cannot reach.
            UseProxy = false,
        };
        // Our own time limit includes the body, unlike the timeout of HttpClient.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edgeshelf", null));
        _client.DefaultRequestHeaders.Accept.ParseAdd("image/jpeg, image/png;q=0.9");
        _client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
    }

    public override string Kind => Definition.Name;

    /// <summary>Whether the password may be sent as it is (RFC 7617). Everybody in the shop's network can read it without TLS; loopback never leaves the device.</summary>
    bool MaySendBasic => _url.Scheme == Uri.UriSchemeHttps || _url.IsLoopback || _options.AllowBasicOverHttp;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        await ReadPasswordAsync(cancellationToken);
        try
        {
            using HttpResponseMessage answer = await GetAsync(cancellationToken);
            CheckStatus(answer);
            CheckType(answer.Content.Headers.ContentType?.MediaType);
            return new Taken(await ReadBodyAsync(answer.Content, cancellationToken), $"{_shown}");
        }
        catch (HttpRequestException unreachable)
        {
            throw new CaptureException("camera-unreachable", $"{_shown} cannot be reached: {unreachable.Message}", "Check that the camera is on and that its address is correct.", unreachable);
        }
        catch (IOException cut)
        {
            throw new CaptureException("camera-failed", $"{_shown} closed the connection in the middle of the picture: {cut.Message}", "Check the camera and the network.", cut);
        }
    }

    /// <summary>Follows redirects to the same host. A camera may redirect to its TLS port, but it must not make the device open addresses in its own network.</summary>
    async Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken)
    {
        Uri url = _url;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer = await _client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
                return answer;
            answer.Dispose();
            Uri next = new(url, location);
            if (redirects == MaxRedirects || next.Scheme is not ("http" or "https") || next.Host != _url.Host || (url.Scheme == "https" && next.Scheme == "http"))
                throw new CaptureException(
                    "camera-failed", $"{_shown} leads elsewhere, to {SettingRules.WithoutSecrets(next)}; at most {MaxRedirects} redirects to the same host are followed, and none from https to http.",
                    "Set Capture:Http:Url to the address where the picture is.");
            url = next;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _client.Dispose();
    }

    async Task ReadPasswordAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(_options.PasswordFile))
            return;
        try
        {
            _login.Password = (await File.ReadAllTextAsync(_options.PasswordFile, cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException("camera-refused", $"The password file {_options.PasswordFile} cannot be read: {unreadable.Message}", "Correct Capture:Http:PasswordFile or the file's permissions.", unreadable);
        }
    }

    void CheckStatus(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return;
        string status = $"{_shown} answered {(int)answer.StatusCode} {PlainText.Shown(answer.ReasonPhrase)}; 200 is needed.";
        if (answer.StatusCode == HttpStatusCode.Unauthorized && !string.IsNullOrEmpty(_options.User) && !MaySendBasic && AsksOnlyForBasic(answer))
            throw new CaptureException(
                "camera-refused", $"{_shown} asks for Basic authentication, which would send the password readable for everybody in the network; the password was not sent.",
                "Set Capture:Http:Url to the camera's https:// address, let the camera use Digest authentication, or set Capture:Http:AllowBasicOverHttp to true if you trust the network.");
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new CaptureException("camera-refused", status, "Correct Capture:Http:User and the password in Capture:Http:PasswordFile.")
            : new CaptureException("camera-failed", status, "Open the address in a browser and check what the camera answers.");
    }

    static bool AsksOnlyForBasic(HttpResponseMessage answer) =>
        answer.Headers.WwwAuthenticate.Any(way => way.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        && !answer.Headers.WwwAuthenticate.Any(way => way.Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase));

    // Many cameras send no type or a general one. These are accepted, and the first bytes decide.
    void CheckType(string? type)
    {
        if (type is null or "application/octet-stream" || (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)))
            return;
        string hint = type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            ? "This is a stream; use the camera's address for single pictures, often with `snapshot` in it."
            : "Open the address in a browser and check what the camera sends.";
        throw new CaptureException("not-a-picture", $"{_shown} answered with {type}; image/jpeg or image/png is needed.", hint);
    }

    async Task<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > FrameBytes.MaxBytes)
            throw TooLarge($"{content.Headers.ContentLength}");
        await using Stream body = await content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream read = new();
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (read.Length + count > FrameBytes.MaxBytes)
                throw TooLarge("more");
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    }

    CaptureException TooLarge(string found) =>
        new("too-large", $"{_shown} sends {found} bytes; at most {FrameBytes.MaxBytes} are allowed.", "Configure the camera to send smaller pictures.");

    static IEnumerable<string> ProblemsOf(HttpCameraOptions http)
    {
        bool isUrl = Uri.TryCreate(http.Url, UriKind.Absolute, out Uri? url);
        // The value may contain a password, so the message must not repeat it.
        if (isUrl && url!.UserInfo.Length > 0)
            yield return "Capture:Http:Url is an address with a name or password in it; put them in Capture:Http:User and Capture:Http:PasswordFile";
        else if (!isUrl || url!.Scheme is not ("http" or "https"))
            yield return $"Capture:Http:Url is {SettingRules.Shown(http.Url)}; allowed are addresses that begin with http:// or https://";
        if (!string.IsNullOrEmpty(http.User) && string.IsNullOrEmpty(http.PasswordFile))
            yield return "Capture:Http:PasswordFile is empty; with Capture:Http:User it must name a file that holds the password";
        if (!string.IsNullOrEmpty(http.PasswordFile) && string.IsNullOrEmpty(http.User))
            yield return "Capture:Http:User is empty; with Capture:Http:PasswordFile it must name the user";
        if (!string.IsNullOrEmpty(http.PasswordFile) && !File.Exists(http.PasswordFile))
            yield return $"Capture:Http:PasswordFile is {http.PasswordFile}; allowed are files that exist and that this user may read";
    }
}

sealed class HttpCameraOptions
{
    /// <summary>The URL of the camera. It must answer with one JPEG or PNG, not with a stream.</summary>
    public string? Url { get; set; }

    /// <summary>The user name for basic or digest authentication. Empty means no authentication.</summary>
    public string? User { get; set; }

    /// <summary>
    /// Whether a camera with an http:// address may get the password by basic authentication, which does not encrypt it. Addresses of
    /// loopback may in any case.
    /// </summary>
    public bool AllowBasicOverHttp { get; set; }

    /// <summary>A file that contains only the password. It is read each time the camera asks for the password.</summary>
    public string? PasswordFile { get; set; }
}
