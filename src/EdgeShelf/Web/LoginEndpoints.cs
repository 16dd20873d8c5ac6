using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes for the login form, which exchanges the token for a session, and for signing out.</summary>
static class LoginEndpoints
{
    public const string Path = "/login";
    public const string LogoutPath = "/logout";

    const int MaxFormBytes = 4096;

    public static void MapLogin(this IEndpointRouteBuilder app, WebLogin login)
    {
        app.MapGet(Path, (HttpContext http) => PageFiles.Html("login.html", http)).ExcludeFromDescription();
        app.MapPost(Path, (Delegate)((HttpContext http) => LoginAsync(http, login))).ExcludeFromDescription();
        app.MapPost(LogoutPath, (HttpContext http) =>
        {
            login.End(http);
            return TypedResults.Redirect(Path);
        }).ExcludeFromDescription();
    }

    static async Task<IResult> LoginAsync(HttpContext http, WebLogin login)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxFormBytes;
        string? given = null;
        try
        {
            if (http.Request.HasFormContentType)
                given = (await http.Request.ReadFormAsync(new FormOptions { ValueCountLimit = 4, BufferBody = false }, http.RequestAborted))["token"];
        }
        catch (InvalidDataException)
        {
            // The body is not a valid form; treat it as a wrong token.
        }
        if (!await login.IsRightAsync(given?.Trim(), http))
            return TypedResults.Redirect($"{Path}#wrong");
        login.Begin(http);
        return TypedResults.Redirect("/");
    }
}
