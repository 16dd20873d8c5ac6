using System.Net;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Web;

public sealed class AccessTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("192.168.1.7")]
    [InlineData("localhost.evil.example")]
    [InlineData("xn--a-")]
    [InlineData("xn--a-:8080")]
    [InlineData("xn--")]
    [InlineData("localhost.xn--a-")]
    public async Task ANameThatIsNotThisDevicesIsRefused(string host)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/state");
        request.Headers.Host = host;

        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8080")]
    [InlineData("shelf.example")]
    public async Task TheDevicesOwnNamesAreLetIn(string host)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:AllowedHosts:0", "shelf.example"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/state");
        request.Headers.Host = host;

        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://{own}", HttpStatusCode.ServiceUnavailable)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.ServiceUnavailable)]
    public async Task APostFromAnotherSitesPageIsRefused(string header, string value, HttpStatusCode expected)
    {
        // Without a picture in front of the camera a capture that is let in ends with 503.
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/capture");
        request.Headers.Add(header, value.Replace("{own}", shelf.Address.Authority, StringComparison.Ordinal));

        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/state")]
    [InlineData("/nothing")]
    public async Task EveryAnswerTellsBrowsersToTrustNothingElse(string path)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        using HttpResponseMessage response = await shelf.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task ATokenIsMadeForItsOwnerAloneAndAskedFor()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/secrets/token"));
        string file = shelf.File("secrets/token");
        string token = File.ReadAllText(file).Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(48, token.Length);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/state", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/state", "Bearer wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/metrics", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/events", null));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(shelf, "/api/state", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(shelf, "/healthz", null));
        Assert.DoesNotContain(shelf.Log.Lines, line => line.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAddressThatOthersReachNeedsTheToken()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:Address", "0.0.0.0"), ("Web:TokenFile", "{folder}/token"));
        Assert.True(new WebOptions { Address = "0.0.0.0" }.NeedsToken);
        Assert.True(new WebOptions { Address = "192.168.1.7" }.NeedsToken);
        Assert.False(new WebOptions { Address = "::1" }.NeedsToken);

        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{shelf.Address.Port}/api/state");
        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task TheLoginGivesAStrictCookieThatOpensThePage()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string token = File.ReadAllText(shelf.File("token")).Trim();

        using HttpResponseMessage page = await shelf.Http.GetAsync("/", TestContext.Current.CancellationToken);
        using HttpResponseMessage wrong = await LoginAsync(shelf, "wrong");
        using HttpResponseMessage right = await LoginAsync(shelf, token);

        Assert.Equal((HttpStatusCode.Redirect, "/login"), (page.StatusCode, page.Headers.Location?.ToString()));
        Assert.Equal("/login#wrong", wrong.Headers.Location?.ToString());
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        string cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token, cookie, StringComparison.Ordinal);
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage opened = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
    }

    static async Task<HttpResponseMessage> LoginAsync(ShelfOnTheWeb shelf, string token)
    {
        using FormUrlEncodedContent form = new([KeyValuePair.Create("token", token)]);
        return await shelf.Http.PostAsync("/login", form, TestContext.Current.CancellationToken);
    }

    static async Task<HttpStatusCode> StatusOfAsync(ShelfOnTheWeb shelf, string path, string? authorization)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.Add("Authorization", authorization);
        using HttpResponseMessage response = await shelf.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
