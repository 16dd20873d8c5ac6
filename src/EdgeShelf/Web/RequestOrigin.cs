using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>
/// Rejects requests from other sites' pages. A site that points its own name at this device (DNS rebinding) is recognized by the Host header;
/// a page of another site that posts to this one is recognized by Origin and Sec-Fetch-Site. Programs send neither of the two and are admitted.
/// </summary>
sealed class RequestOrigin(WebOptions options)
{
    readonly string[] _names = ["localhost", Environment.MachineName, $"{Environment.MachineName}.local", .. options.AllowedHosts];
    readonly bool _loopbackOnly = IPAddress.IsLoopback(options.ListenAddress);

    public Task Check(HttpContext http, RequestDelegate next)
    {
        HttpRequest request = http.Request;
        // Use the raw header: HttpRequest.Host decodes punycode and throws on invalid input such as "xn--a-".
        HostString host = new(request.Headers.Host.ToString());
        if (!IsOurs(host))
            return Problems.Of(
                StatusCodes.Status421MisdirectedRequest, "unknown-host", $"This device is not \"{Shown(host.Value)}\".",
                "Use its IP address or host name, or add the name to Web:AllowedHosts.").ExecuteAsync(http);
        bool changesNothing = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!changesNothing && !IsFromOurPage(request))
            return Problems.Of(
                StatusCodes.Status403Forbidden, "cross-site", "The request comes from a page of another site.",
                "Open this device's own page, or send the request from a program.").ExecuteAsync(http);
        return next(http);
    }

    bool IsOurs(HostString host)
    {
        string name = host.Host.Trim('[', ']');
        // Only names can be rebound, so IP addresses are accepted.
        if (IPAddress.TryParse(name, out IPAddress? address))
            return !_loopbackOnly || IPAddress.IsLoopback(address);
        return _names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    static bool IsFromOurPage(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is not (null or "same-origin" or "none"))
            return false;
        string? origin = request.Headers[HeaderNames.Origin];
        // A proxy may have terminated TLS, so the schemes may differ.
        return origin is null || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    static string Shown(string? host) => host is { Length: > 100 } ? host[..100] : host ?? "";
}
