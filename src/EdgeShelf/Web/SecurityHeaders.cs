using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>What tells browsers to trust the page with nothing beyond itself.</summary>
static class SecurityHeaders
{
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Short enough that a device which gives up TLS is reached again within a month. Browsers heed it for names, not for IP addresses.</summary>
    const string StrictTransport = "max-age=2592000";

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        // Set as the response begins: an error clears what was set before.
        http.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            // Not no-referrer: with that a browser sends the login's form with `Origin: null`, as another site's would be.
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            if (http.Request.IsHttps)
                headers.StrictTransportSecurity = StrictTransport;
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}
