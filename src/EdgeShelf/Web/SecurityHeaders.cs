using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>Adds headers that make browsers limit the page to its own content and origin.</summary>
static class SecurityHeaders
{
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Lifetime of HSTS. It is short enough that a device that stops using TLS can be reached again within a month. Browsers apply HSTS to names, not to IP addresses.</summary>
    const string StrictTransport = "max-age=2592000";

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        // Set the headers when the response starts, because error handling clears headers that were set before.
        http.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            // Do not use no-referrer: browsers would then send the login form with `Origin: null`, which looks like another site's request.
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            // Only the page itself reads barcodes. Its pictures stay in the browser: `connect-src` and the page's code send them nowhere.
            headers["Permissions-Policy"] = $"camera={(http.Request.Path == "/" ? "(self)" : "()")}, microphone=(), geolocation=()";
            if (http.Request.IsHttps)
                headers.StrictTransportSecurity = StrictTransport;
            if (headers.CacheControl.Count == 0)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}
