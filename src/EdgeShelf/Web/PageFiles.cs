using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Serves the page's files, which are embedded in the executable. Each file is served under its path in `Web/Page`.</summary>
static class PageFiles
{
    const string Prefix = "page/";
    const string Index = "index.html";

    /// <summary>The attributes that hide the sign-out button in <see cref="Index"/>.</summary>
    const string SignOutIsHidden = " data-without-token hidden";

    /// <param name="canSignOut">Whether the viewers of the page have a session that they can end.</param>
    public static void MapPage(this IEndpointRouteBuilder app, bool canSignOut)
    {
        string index = Encoding.UTF8.GetString(Read(Index));
        app.MapFile("/", Index, Encoding.UTF8.GetBytes(canSignOut ? index.Replace(SignOutIsHidden, "", StringComparison.Ordinal) : index));
        // HTML files have routes of their own, such as the login.
        foreach (string file in Names().Where(file => !file.EndsWith(".html", StringComparison.Ordinal)))
            app.MapFile($"/{file}", file, Read(file));
    }

    /// <param name="change">Changes the text of the file before it is sent.</param>
    public static ContentHttpResult Html(string file, Func<string, string> change) => TypedResults.Content(change(Encoding.UTF8.GetString(Read(file))), TypeOf(file));

    /// <summary>All files of the page, as paths relative to `Web/Page`.</summary>
    public static IEnumerable<string> Names() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]);

    static void MapFile(this IEndpointRouteBuilder app, string path, string file, byte[] content)
    {
        string type = TypeOf(file);
        EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
        {
            // The browser revalidates each time, and the content is sent again only after an upgrade changed it.
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(content, type, entityTag: tag);
        }).ExcludeFromDescription();
    }

    static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        string other => throw new InvalidOperationException($"The page's file {file} ends with '{other}', which has no media type here."),
    };

    static byte[] Read(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + file)
            ?? throw new InvalidOperationException($"The executable has no resource {Prefix}{file}.");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
