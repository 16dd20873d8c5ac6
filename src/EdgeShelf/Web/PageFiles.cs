using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>The page's files, which are part of the executable.</summary>
static class PageFiles
{
    const string Prefix = "page/";

    static readonly (string Path, string File, string Type)[] Served =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/app.css", "app.css", "text/css; charset=utf-8"),
        ("/app.js", "app.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
        ("/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json"),
    ];

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        foreach ((string path, string file, string type) in Served)
        {
            byte[] content = Read(file);
            EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
            app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
            {
                // Asked for each time and sent only when an upgrade changed it.
                http.Response.Headers.CacheControl = "no-cache";
                return TypedResults.Bytes(content, type, entityTag: tag);
            }).ExcludeFromDescription();
        }
    }

    public static ContentHttpResult Html(string file) => TypedResults.Content(System.Text.Encoding.UTF8.GetString(Read(file)), "text/html; charset=utf-8");

    static byte[] Read(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + file)
            ?? throw new InvalidOperationException($"The executable lacks {Prefix}{file}.");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
