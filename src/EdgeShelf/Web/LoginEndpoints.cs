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

    /// <summary>How the page's two complaints begin while they are hidden.</summary>
    const string WrongCode = "id=\"wrong-code\" class=\"wrong\" role=\"alert\"", WrongToken = "id=\"wrong\" class=\"wrong\" role=\"alert\"";

    const int MaxFormBytes = 4096;

    public static void MapLogin(this IEndpointRouteBuilder app, WebLogin login)
    {
        app.MapGet(Path, (HttpContext http) => Page(http)).ExcludeFromDescription();
        app.MapPost(Path, (Delegate)((HttpContext http) => LoginAsync(http, login))).ExcludeFromDescription();
        app.MapPost(LogoutPath, (HttpContext http) =>
        {
            login.End(http);
            return TypedResults.Redirect(Path);
        }).ExcludeFromDescription();
    }

    /// <summary>The login form in the language of the request. A code in the address, as a QR code has it, is filled in.</summary>
    static ContentHttpResult Page(HttpContext http)
    {
        string? code = http.Request.Query["code"];
        string? wrong = http.Request.Query["wrong"];
        return PageFiles.Html("login.html", http, html => Complain(code is not null && PairingCode.IsCode(code) ? html.Replace(EmptyCode, $"value=\"{code}\"", StringComparison.Ordinal) : html, wrong));
    }

    /// <summary>
    /// Shows what was wrong and puts the cursor into the field to correct. The address has it as a query: with a fragment, browsers ignore `autofocus`.
    /// </summary>
    static string Complain(string html, string? wrong) => wrong switch
    {
        "code" => html.Replace($"{WrongCode} hidden", WrongCode, StringComparison.Ordinal),
        "token" => html.Replace($"{WrongToken} hidden", WrongToken, StringComparison.Ordinal)
            .Replace(" autofocus", "", StringComparison.Ordinal).Replace("<input id=\"token\"", "<input id=\"token\" autofocus", StringComparison.Ordinal),
        _ => html,
    };

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
            return TypedResults.Redirect($"{Path}?wrong={(isCode ? "code" : "token")}");
        login.Begin(http);
        return TypedResults.Redirect("/");
    }
}
