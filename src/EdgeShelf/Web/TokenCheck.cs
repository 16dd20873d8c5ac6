using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Admits requests with the token: programs send it as `Authorization: Bearer …`, browsers send the cookie that the login sets.</summary>
sealed class TokenCheck(WebLogin login)
{
    /// <summary>Paths that need no token: those of the login page, and the one that a load balancer polls.</summary>
    static readonly string[] Open = [LoginEndpoints.Path, "/app.css", "/icon.svg", HealthRoutes.Live];

    public async Task Check(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        if (Open.Contains(request.Path.Value))
        {
            await next(http);
            return;
        }
        if (login.SessionOf(request) is not null)
        {
            http.Features.Set(new Admission(() => login.SessionOf(request) is not null));
            await next(http);
            return;
        }
        string? token = BearerOf(request);
        if (token is not null && await login.IsRightAsync(token, http))
        {
            http.Features.Set(new Admission(() => login.Matches(token)));
            await next(http);
            return;
        }
        await RefuseAsync(http);
    }

    static Task RefuseAsync(HttpContext http)
    {
        bool isBrowser = HttpMethods.IsGet(http.Request.Method) && http.Request.Path == "/";
        // Signing out after the session has ended leads to the same page as any other sign-out.
        if (isBrowser || http.Request.Path == LoginEndpoints.LogoutPath)
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
