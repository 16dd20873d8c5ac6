using System.Net.Http.Headers;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Requests one picture from a URL. Answers are not trusted: status, length and first bytes are checked. A wrong content type does not matter.</summary>
/// <param name="section">The section of the settings for messages, if it is not that of this kind.</param>
sealed class HttpCamera(HttpCameraOptions options, TimeSpan timeout, TimeProvider clock, string? section = null) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<HttpCameraOptions> Definition = new(
        "http", "Check that the camera has power and network, and Capture:Http:Url.", CaptureJson.Default.HttpCameraOptions, ProblemsOf,
        (options, settings) => new HttpCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze });

    readonly Uri _url = new(options.Url!);
    readonly CameraClient _client = new(new Uri(options.Url!), LoginOf(options, section), options.CaFile, options.AllowBasicOverHttp, clock);

    public override string Kind => Definition.Name;

    string Shown => SettingRules.WithoutSecrets(_url);

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _client.SendAsync(_url, RequestFor, cancellationToken);
        _client.ThrowUnlessFine(answer);
        string? type = answer.Content.Headers.ContentType?.MediaType is { } told ? PlainText.Shown(told) : null;
        // A stream has no end, so it is refused before it is read.
        if (type?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            throw new CaptureException(
                "not-a-picture", $"{Shown} answered with {type}; image/jpeg or image/png is needed.",
                "This is a stream; use the camera's address for single pictures, often with `snapshot` in it.");
        return new Taken(await _client.ReadBodyAsync(answer.Content, FrameBytes.MaxBytes, cancellationToken), type is null ? Shown : $"{Shown} ({type})");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _client.Dispose();
    }

    static HttpRequestMessage RequestFor(Uri url) => new(HttpMethod.Get, url)
    {
        Headers = { Accept = { new MediaTypeWithQualityHeaderValue("image/jpeg"), new MediaTypeWithQualityHeaderValue("image/png", 0.9) } },
    };

    static CameraLogin LoginOf(HttpCameraOptions http, string? section = null) => new(http.User, http.PasswordFile, section ?? "Capture:Http");

    static IEnumerable<string> ProblemsOf(HttpCameraOptions http) =>
        LoginOf(http).ProblemsWith(http.Url, "http", "https").Concat(SettingRules.ProblemsOfCaFile(http.CaFile, http.Url, "Capture:Http"));
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

    /// <summary>A file that contains only the password. It is read for each picture.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>A PEM file with the only certificates to trust for an https:// address. Empty means those of the system. It is read at each connection.</summary>
    public string? CaFile { get; set; }
}
