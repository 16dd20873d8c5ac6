using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Web;

public sealed partial class PageFilesTests
{
    [Fact]
    public async Task EachFileOfTheFolderIsServedWithItsTypeAndOnlyWhenItChanged()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        string folder = Path.Combine(Checkout.Root, "src", "EdgeShelf", "Web", "Page");
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(file => Path.GetExtension(file) is not (".html" or ".json"))];
        Assert.Contains("app.js", files);
        foreach (string file in files)
        {
            using HttpResponseMessage first = await shelf.Http.GetAsync($"/{file}", TestContext.Current.CancellationToken);
            using HttpRequestMessage again = new(HttpMethod.Get, $"/{file}");
            again.Headers.IfNoneMatch.Add(Assert.IsType<EntityTagHeaderValue>(first.Headers.ETag));
            using HttpResponseMessage second = await shelf.Http.SendAsync(again, TestContext.Current.CancellationToken);

            Assert.Equal((file, HttpStatusCode.OK, HttpStatusCode.NotModified), (file, first.StatusCode, second.StatusCode));
            Assert.Equal((file, TypeOf(file)), (file, first.Content.Headers.ContentType?.MediaType));
            Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken), await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/index.html", HttpStatusCode.NotFound)]
    [InlineData("/login.html", HttpStatusCode.NotFound)]
    public async Task AnHtmlFileIsServedOnlyByItsRoute(string path, HttpStatusCode expected)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task WithoutATokenOnlyTheFilesOfTheLoginAreServed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        List<string> open = [];
        foreach (string file in PageFiles.Names())
        {
            using HttpResponseMessage response = await shelf.Http.GetAsync($"/{file}", TestContext.Current.CancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
                open.Add(file);
        }
        using HttpResponseMessage login = await shelf.Http.GetAsync("/login", TestContext.Current.CancellationToken);
        string html = await login.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["app.css", "icon.svg"], open.Order());
        Assert.All(open, file => Assert.Contains($"\"/{file}\"", html, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EachModuleIsReachedFromTheEntryAndEachImportIsServed()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        HashSet<string> reached = ["/app.js"];
        Queue<string> unread = new(reached);
        while (unread.TryDequeue(out string? module))
        {
            string script = await shelf.Http.GetStringAsync(module, TestContext.Current.CancellationToken);
            foreach (Match import in ImportedModule().Matches(script))
            {
                string path = new Uri(new Uri(shelf.Address, module), import.Groups["path"].Value).AbsolutePath;
                if (reached.Add(path))
                    unread.Enqueue(path);
            }
        }

        Assert.Equal(PageFiles.Names().Where(file => file.EndsWith(".js", StringComparison.Ordinal)).Select(file => $"/{file}").Order(), reached.Order());
    }

    static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript",
        ".css" => "text/css",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        string other => other,
    };

    [GeneratedRegex("""^import .*from "(?<path>[^"]+)";$""", RegexOptions.Multiline)]
    private static partial Regex ImportedModule();
}
