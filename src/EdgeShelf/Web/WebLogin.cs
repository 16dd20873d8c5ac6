using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

/// <summary>
/// Checks whether a request proves knowledge of the device's token, by the token itself or by the session cookie of a browser that sent the token
/// or a pairing code before.
/// </summary>
sealed class WebLogin : IDisposable
{
    const string CookieName = "edgeshelf";

    readonly TimeProvider _clock;
    readonly TokenFile _token;
    readonly FailedLogins _failures;
    readonly EndedSessions _ended;
    readonly PairingCode _pairing;

    /// <exception cref="EdgeShelfException">The token cannot be read or created.</exception>
    public WebLogin(WebOptions options, TimeProvider clock, ILogger log)
    {
        _clock = clock;
        _token = new TokenFile(options, log);
        _failures = new FailedLogins(clock, log);
        _ended = new EndedSessions($"{WebToken.FileOf(options)}.ended", clock, log);
        _pairing = PairingCode.Of(options, clock);
    }

    /// <summary>Compares a token. After several wrong ones from the same address the comparison is delayed, even for a correct token.</summary>
    public Task<bool> IsRightAsync(string? token, HttpContext http) => CompareAsync(() => Matches(token), http);

    /// <summary>Compares a pairing code and uses it up. Wrong codes count as wrong tokens, and delay the next comparison as those do.</summary>
    public Task<bool> IsRightCodeAsync(string? code, HttpContext http) => CompareAsync(() => _pairing.TryUse(code), http);

    async Task<bool> CompareAsync(Func<bool> isRight, HttpContext http)
    {
        TimeSpan delay = _failures.DelayOf(http.Connection.RemoteIpAddress);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _clock, http.RequestAborted);
        if (!isRight())
        {
            _failures.Failed(http.Connection.RemoteIpAddress);
            return false;
        }
        _failures.Succeeded(http.Connection.RemoteIpAddress);
        return true;
    }

    /// <summary>Compares a token again without a delay, for a request that was already admitted with it.</summary>
    public bool Matches(string? token) => _token.Current is { } right && right.Matches(token);

    /// <returns>The session of the request's cookie, or null when it has no valid session.</returns>
    public WebSession? SessionOf(HttpRequest request) =>
        _token.Current is { } token && WebSession.Of(request.Cookies[CookieName], token, _clock.GetUtcNow()) is { } session && !_ended.Has(session) ? session : null;

    /// <summary>Begins a session for the browser that sent the correct token or code.</summary>
    public void Begin(HttpContext http)
    {
        if (_token.Current is not { } token)
            return;
        http.Response.Cookies.Append(CookieName, WebSession.New(_clock.GetUtcNow()).CookieBy(token), CookieOf(http.Request, WebSession.Lifetime));
        _pairing.Admitted();
    }

    /// <summary>Ends the request's session on the device and in the browser.</summary>
    public void End(HttpContext http)
    {
        if (SessionOf(http.Request) is { } session)
            _ended.Add(session);
        http.Response.Cookies.Delete(CookieName, CookieOf(http.Request, null));
    }

    public void Dispose() => _failures.Dispose();

    static CookieOptions CookieOf(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // When a proxy has terminated TLS, only the browser's Origin shows that it was used.
        Secure = request.IsHttps || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase),
        MaxAge = lifetime,
        IsEssential = true,
    };
}
