using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// HTTP with one network camera, which is not trusted: logins, redirects, certificates and sizes are limited. A request whose reused connection was
/// reset before an answer is repeated once on a new connection. Only one caller may use it at a time.
/// </summary>
sealed class CameraClient : IDisposable
{
    const int MaxRedirects = 3;

    /// <summary>The pool connects in the background, where the time limit of the request does not reach.</summary>
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    readonly Uri _url;
    readonly string _shown;
    readonly CameraLogin _login;
    readonly string? _caFile;
    readonly bool _allowBasicOverHttp;
    readonly TimeProvider _clock;
    readonly NetworkCredential _credential;
    readonly HttpClient _client;
    int _connected;

    /// <param name="url">The address of the camera. Its host is the only one that is connected to.</param>
    /// <param name="caFile">A PEM file with the only authorities to trust for https; null or empty means those of the system.</param>
    /// <param name="allowBasicOverHttp">Whether an http:// address may get the password by basic authentication.</param>
    public CameraClient(Uri url, CameraLogin login, string? caFile, bool allowBasicOverHttp, TimeProvider clock)
    {
        (_url, _shown, _login, _allowBasicOverHttp, _clock) = (url, SettingRules.WithoutSecrets(url), login, allowBasicOverHttp, clock);
        _caFile = string.IsNullOrEmpty(caFile) ? null : caFile;
        _credential = new NetworkCredential(login.User, "");
        Uri server = new(url, "/");
        CredentialCache logins = [];
        // The credentials are bound to this server, so that a redirect to another server does not get the password.
        if (MaySendBasic)
            logins.Add(server, "Basic", _credential);
        logins.Add(server, "Digest", _credential);
        SocketsHttpHandler handler = new()
        {
            Credentials = login.IsGiven ? logins : null,
            PreAuthenticate = true,
            // Redirects are followed in SendAsync, because not every redirect is allowed.
            AllowAutoRedirect = false,
            // Resolve the name again from time to time, because the IP address of a camera can change.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            // A camera is in the local network, which a proxy for the internet usually cannot reach.
            UseProxy = false,
            ConnectTimeout = ConnectLimit,
            ConnectCallback = (context, token) => ConnectAsync(context, token),
        };
        // The camera's own time limit includes the body, unlike the timeout of HttpClient.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edgeshelf", null));
        _client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
    }

    /// <summary>Whether the password may be sent as it is (RFC 7617). Everybody in the shop's network can read it without TLS; loopback never leaves the device.</summary>
    bool MaySendBasic => _url.Scheme == Uri.UriSchemeHttps || _url.IsLoopback || _allowBasicOverHttp;

    /// <summary>
    /// Sends a request and returns the answer when its head has arrived. Redirects to the same host are followed: a camera may redirect to its TLS port, but
    /// it must not make the device open addresses in its own network.
    /// </summary>
    /// <param name="request">Creates the request for an address. It is called again for each redirect.</param>
    /// <exception cref="CaptureException">The camera cannot be reached, its certificate is refused, or it leads elsewhere.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri first, Func<Uri, HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        _credential.Password = _login.ReadPassword();
        Uri url = first;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer = await SendAgainAfterResetAsync(() => request(url), cancellationToken);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
                return answer;
            answer.Dispose();
            if (!Uri.TryCreate(url, location, out Uri? next))
                throw new CaptureException("camera-failed", $"{_shown} leads to an address that is none.", $"Set {_login.Section}:Url to the address where the picture is.");
            if (redirects == MaxRedirects || next.Scheme is not ("http" or "https") || next.Host != _url.Host || (url.Scheme == "https" && next.Scheme == "http"))
                throw new CaptureException(
                    "camera-failed", $"{_shown} leads elsewhere, to {SettingRules.WithoutSecrets(next)}; at most {MaxRedirects} redirects to the same host are followed, and none from https to http.",
                    $"Set {_login.Section}:Url to the address where the picture is.");
            url = next;
        }
    }

    /// <exception cref="CaptureException">The status is not 200; the message says what the status means for the login.</exception>
    public void ThrowUnlessFine(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return;
        string status = $"{_shown} answered {(int)answer.StatusCode} {PlainText.Shown(answer.ReasonPhrase)}; 200 is needed.";
        if (answer.StatusCode == HttpStatusCode.Unauthorized && _login.IsGiven && !MaySendBasic && AsksOnlyForBasic(answer))
            throw new CaptureException(
                "camera-refused", $"{_shown} asks for Basic authentication, which would send the password readable for everybody in the network; the password was not sent.",
                $"Set {_login.Section}:Url to the camera's https:// address, let the camera use Digest authentication, or set {_login.Section}:AllowBasicOverHttp to true if you trust the network.");
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? new CaptureException("camera-refused", status, $"Correct {_login.Section}:User and the password in {_login.Section}:PasswordFile.")
            : new CaptureException("camera-failed", status, "Open the address in a browser and check what the camera answers.");
    }

    /// <summary>Reads a body to its end, but no more than the limit, in bytes.</summary>
    /// <exception cref="CaptureException">`too-large`: the body is longer. `camera-failed`: the connection was closed in the middle.</exception>
    public async Task<byte[]> ReadBodyAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
            throw TooLarge($"{content.Headers.ContentLength}", limit);
        try
        {
            await using Stream body = await content.ReadAsStreamAsync(cancellationToken);
            using MemoryStream read = new();
            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (read.Length + count > limit)
                    throw TooLarge("more", limit);
                read.Write(buffer, 0, count);
            }
            return read.ToArray();
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw new CaptureException("camera-failed", $"{_shown} closed the connection in the middle of its answer: {cut.Message}", "Check the camera and the network.", cut);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// Sends a request, and once more if a connection of an earlier request was reset. HttpClient repeats it only if such a connection was closed in
    /// order; cameras that restart, and routers that forget a connection, reset it.
    /// </summary>
    async Task<HttpResponseMessage> SendAgainAfterResetAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        int connectedBefore = Volatile.Read(ref _connected);
        try
        {
            using HttpRequestMessage first = request();
            try
            {
                return await _client.SendAsync(first, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (HttpRequestException reset) when (IsReset(reset) && Volatile.Read(ref _connected) == connectedBefore)
            {
                using HttpRequestMessage second = request();
                return await _client.SendAsync(second, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
        }
        catch (HttpRequestException refused) when (refused.InnerException is CaptureException reason)
        {
            throw new CaptureException(reason.Code, reason.Message, reason.Hint, refused);
        }
        catch (HttpRequestException unreachable)
        {
            throw new CaptureException("camera-unreachable", $"{_shown} cannot be reached: {unreachable.Message}", "Check that the camera is on and that its address is correct.", unreachable);
        }
    }

    static bool IsReset(HttpRequestException problem) =>
        problem.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown } };

    /// <summary>Connects, and encrypts for https with the authorities that the file has at this time.</summary>
    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            Interlocked.Increment(ref _connected);
            NetworkStream plain = new(socket, ownsSocket: true);
            return context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps ? await EncryptAsync(plain, context.DnsEndPoint.Host, cancellationToken) : plain;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<Stream> EncryptAsync(Stream plain, string host, CancellationToken cancellationToken)
    {
        TlsAttempt attempt;
        try
        {
            attempt = new TlsAttempt("camera", host, _caFile, _clock);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CaptureException("camera-failed", $"{_login.Section}:CaFile {_caFile} cannot be used: {unreadable.Message}", "A PEM file is needed that the service's user may read.", unreadable);
        }
        try
        {
            return await attempt.EncryptAsync(plain, cancellationToken);
        }
        catch (AuthenticationException refused)
        {
            throw new CaptureException(
                "camera-failed", $"{_shown}: {refused.Message}",
                $"Set {_login.Section}:CaFile to a PEM file with the certificate of the camera or of the authority that issued it, or correct the camera's certificate, its name or the clock.", refused);
        }
    }

    static bool AsksOnlyForBasic(HttpResponseMessage answer) =>
        answer.Headers.WwwAuthenticate.Any(way => way.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        && !answer.Headers.WwwAuthenticate.Any(way => way.Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase));

    CaptureException TooLarge(string found, int limit) =>
        new("too-large", $"{_shown} sends {found} bytes; at most {limit} are allowed.", "Configure the camera to send less, such as smaller pictures.");
}
