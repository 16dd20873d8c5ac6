using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>A form for the token, and the cookie for who knows it.</summary>
static class LoginEndpoints
{
    public const string Path = "/login";

    const int MaxFormBytes = 4096;
    static readonly TimeSpan CookieFor = TimeSpan.FromDays(30);

    public static void MapLogin(this IEndpointRouteBuilder app, WebToken token)
    {
        app.MapGet(Path, () => PageFiles.Html("login.html")).ExcludeFromDescription();
        app.MapPost(Path, (Delegate)((HttpContext http) => LoginAsync(http, token))).ExcludeFromDescription();
    }

    static async Task<IResult> LoginAsync(HttpContext http, WebToken token)
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
        if (!token.Matches(given?.Trim()))
            return TypedResults.Redirect($"{Path}#wrong");
        http.Response.Cookies.Append(TokenCheck.CookieName, token.Cookie, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = CookieFor,
            IsEssential = true,
        });
        return TypedResults.Redirect("/");
    }
}
