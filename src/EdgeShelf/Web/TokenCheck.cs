using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Lets in who has the token: programs as `Authorization: Bearer …`, browsers by the cookie that the login sets.</summary>
sealed class TokenCheck(WebToken token)
{
    public const string CookieName = "edgeshelf";

    /// <summary>What the login itself needs, and what a load balancer asks.</summary>
    static readonly string[] Open = [LoginEndpoints.Path, "/app.css", "/icon.svg", HealthRoutes.Live];

    public Task Check(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        if (Open.Contains(request.Path.Value) || token.MatchesCookie(request.Cookies[CookieName]) || token.Matches(BearerOf(request)))
            return next(http);
        bool isBrowser = HttpMethods.IsGet(request.Method) && request.Path == "/";
        if (isBrowser)
        {
            http.Response.Redirect(LoginEndpoints.Path);
            return Task.CompletedTask;
        }
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(
            StatusCodes.Status401Unauthorized, "token-needed", "This needs the device's token.",
            "Send it as `Authorization: Bearer TOKEN`; `sudo edgeshelf config show --reveal-token` on the device shows it.").ExecuteAsync(http);
    }

    static string? BearerOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        string? header = request.Headers[HeaderNames.Authorization];
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
