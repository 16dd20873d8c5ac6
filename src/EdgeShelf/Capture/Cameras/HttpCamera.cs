using System.Net;
using System.Net.Http.Headers;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Asks an address for one picture. Nothing of an answer is believed: status, type, length and first bytes are looked at.</summary>
sealed class HttpCamera : BoundedCamera
{
    public static readonly CameraKind<HttpCameraOptions> Definition = new(
        "http", "Check that the camera has power and network, and Capture:Http:Url.", ProblemsOf,
        (options, settings) => new HttpCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze });

    readonly HttpCameraOptions _options;
    readonly Uri _url;
    readonly NetworkCredential _login;
    readonly HttpClient _client;

    public HttpCamera(HttpCameraOptions options, TimeSpan timeout, TimeProvider clock) : base(timeout, clock)
    {
        _options = options;
        _url = new Uri(options.Url!);
        _login = new NetworkCredential(options.User, "");
        Uri server = new(_url, "/");
        CredentialCache logins = [];
        // Bound to this server: a redirect elsewhere does not get the password.
        logins.Add(server, "Basic", _login);
        logins.Add(server, "Digest", _login);
        SocketsHttpHandler handler = new()
        {
            Credentials = string.IsNullOrEmpty(options.User) ? null : logins,
            PreAuthenticate = true,
            MaxAutomaticRedirections = 3,
            // Asks for the address anew now and then, since cameras get others over the years.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            // A camera is near; a proxy for the wide world does not know it.
            UseProxy = false,
        };
        // The time limit of every picture is ours and spans the body, which HttpClient's own does not.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edgeshelf", null));
        _client.DefaultRequestHeaders.Accept.ParseAdd("image/jpeg, image/png;q=0.9");
        _client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
    }

    public override string Kind => Definition.Name;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        await ReadPasswordAsync(cancellationToken);
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync(_url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            CheckStatus(answer);
            CheckType(answer.Content.Headers.ContentType?.MediaType);
            return new Taken(await ReadBodyAsync(answer.Content, cancellationToken), $"{_url}");
        }
        catch (HttpRequestException unreachable)
        {
            throw new CaptureException("camera-unreachable", $"{_url} cannot be reached: {unreachable.Message}", "See whether the camera is on and its address is right.", unreachable);
        }
        catch (IOException cut)
        {
            throw new CaptureException("camera-failed", $"{_url} broke off in the middle of the picture: {cut.Message}", "See whether the camera and the network are stable.", cut);
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
            throw new CaptureException("camera-refused", $"The password file {_options.PasswordFile} cannot be read: {unreadable.Message}", "Correct Capture:Http:PasswordFile or the file's rights.", unreadable);
        }
    }

    void CheckStatus(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return;
        string status = $"{_url} answered {(int)answer.StatusCode} {PlainText.Shown(answer.ReasonPhrase)}; 200 is needed.";
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new CaptureException("camera-refused", status, "Correct Capture:Http:User and the password in Capture:Http:PasswordFile.")
            : new CaptureException("camera-failed", status, "Open the address in a browser and see what the camera says.");
    }

    // A missing or general type is common among cameras and passes; the first bytes decide then.
    void CheckType(string? type)
    {
        if (type is null or "application/octet-stream" || (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)))
            return;
        string hint = type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            ? "This is a stream; use the camera's address for single pictures, often with `snapshot` in it."
            : "Open the address in a browser and see what the camera sends.";
        throw new CaptureException("not-a-picture", $"{_url} answered with {type}; image/jpeg or image/png is needed.", hint);
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
        new("too-large", $"{_url} sends {found} bytes; at most {FrameBytes.MaxBytes} are allowed.", "Let the camera send smaller pictures.");

    static IEnumerable<string> ProblemsOf(HttpCameraOptions http)
    {
        bool isUrl = Uri.TryCreate(http.Url, UriKind.Absolute, out Uri? url);
        // The value may hold a password and is not repeated then.
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
    /// <summary>Answers with one JPEG or PNG, not with a stream.</summary>
    public string? Url { get; set; }

    /// <summary>For basic or digest authentication; empty means none.</summary>
    public string? User { get; set; }

    /// <summary>A file that holds the password and nothing else; it is read anew when the camera asks.</summary>
    public string? PasswordFile { get; set; }
}
