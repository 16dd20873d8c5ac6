using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>The form for the token, the session that a browser gets for it, and the session's end.</summary>
static class LoginEndpoints
{
    public const string Path = "/login";
    public const string LogoutPath = "/logout";

    const int MaxFormBytes = 4096;

    public static void MapLogin(this IEndpointRouteBuilder app, WebLogin login)
    {
        app.MapGet(Path, () => PageFiles.Html("login.html")).ExcludeFromDescription();
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
            // No form after all: as good as a wrong token.
        }
        if (!await login.IsRightAsync(given?.Trim(), http))
            return TypedResults.Redirect($"{Path}#wrong");
        login.Begin(http);
        return TypedResults.Redirect("/");
    }
}
