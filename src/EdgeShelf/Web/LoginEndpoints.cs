using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes for the login form, which exchanges a pairing code or the token for a session, and for signing out.</summary>
static class LoginEndpoints
{
    public const string Path = "/login";
    public const string LogoutPath = "/logout";

    /// <summary>What stands in the page's field for the code while it is empty.</summary>
    const string EmptyCode = "value=\"\"";

    const int MaxFormBytes = 4096;

    public static void MapLogin(this IEndpointRouteBuilder app, WebLogin login)
    {
        app.MapGet(Path, (HttpRequest request) => Page(request.Query["code"])).ExcludeFromDescription();
        app.MapPost(Path, (Delegate)((HttpContext http) => LoginAsync(http, login))).ExcludeFromDescription();
        app.MapPost(LogoutPath, (HttpContext http) =>
        {
            login.End(http);
            return TypedResults.Redirect(Path);
        }).ExcludeFromDescription();
    }

    /// <param name="code">The code of the address in a QR code, which is then filled in.</param>
    static ContentHttpResult Page(string? code) =>
        PageFiles.Html("login.html", html => code is not null && PairingCode.IsCode(code) ? html.Replace(EmptyCode, $"value=\"{code}\"", StringComparison.Ordinal) : html);

    static async Task<IResult> LoginAsync(HttpContext http, WebLogin login)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxFormBytes;
        (string? code, string? token) = (null, null);
        try
        {
            if (http.Request.HasFormContentType)
            {
                IFormCollection form = await http.Request.ReadFormAsync(new FormOptions { ValueCountLimit = 4, BufferBody = false }, http.RequestAborted);
                (code, token) = (form["code"], form["token"]);
            }
        }
        catch (InvalidDataException)
        {
            // The body is not a valid form; treat it as a wrong token.
        }
        bool isCode = !string.IsNullOrWhiteSpace(code);
        if (!await (isCode ? login.IsRightCodeAsync(code, http) : login.IsRightAsync(token?.Trim(), http)))
            return TypedResults.Redirect(isCode ? $"{Path}#wrong-code" : $"{Path}#wrong");
        login.Begin(http);
        return TypedResults.Redirect("/");
    }
}
