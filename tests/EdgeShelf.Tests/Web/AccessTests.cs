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
        Assert.StartsWith(path == "/" ? "camera=(self), microphone=()" : "camera=(), microphone=()", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
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
        Assert.Equal("/login?wrong=token", wrong.Headers.Location?.ToString());
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

    [Fact]
    public async Task AfterSeveralWrongTokensTheNextOneWaitsAndTheRightOneStillComesIn()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string token = File.ReadAllText(shelf.File("token")).Trim();
        for (int i = 0; i < FailedLogins.Free; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/state", "Bearer wrong"));

        long started = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage wrong = await LoginAsync(shelf, "wrong");
        TimeSpan form = TimeProvider.System.GetElapsedTime(started);
        started = TimeProvider.System.GetTimestamp();
        HttpStatusCode right = await StatusOfAsync(shelf, "/api/state", $"Bearer {token}");
        TimeSpan waited = TimeProvider.System.GetElapsedTime(started);

        Assert.True(form >= FailedLogins.FirstDelay, $"The form was answered after {form}.");
        Assert.Equal(HttpStatusCode.OK, right);
        Assert.InRange(waited, FailedLogins.FirstDelay, FailedLogins.LongestDelayOnLoopback + TimeSpan.FromSeconds(10));
        Assert.Single(shelf.Log.Lines, line => line.Contains("wrong token or code was sent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALogoutEndsTheSessionAlsoForACopyOfItsCookieAndAfterARestart()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("token");
        string cookie, other;
        await using (ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", file)))
        {
            string token = File.ReadAllText(file).Trim();
            (cookie, other) = (await SessionAsync(shelf, token), await SessionAsync(shelf, token));
            using HttpResponseMessage logout = await SendAsync(shelf, HttpMethod.Post, "/logout", cookie);

            Assert.Equal((HttpStatusCode.Redirect, "/login"), (logout.StatusCode, logout.Headers.Location?.ToString()));
            Assert.StartsWith("edgeshelf=;", Assert.Single(logout.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithCookieAsync(shelf, cookie));
            Assert.Equal(HttpStatusCode.OK, await StatusWithCookieAsync(shelf, other));
        }
        await using ShelfOnTheWeb again = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", file));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithCookieAsync(again, cookie));
        Assert.Equal(HttpStatusCode.OK, await StatusWithCookieAsync(again, other));
    }

    [Theory]
    [InlineData("a token of the operator's own")]
    [InlineData(null)]
    public async Task AChangedOrDeletedTokenFileEndsSessionsEventsAndTheOldTokenAtOnce(string? changed)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string file = shelf.File("token");
        string old = File.ReadAllText(file).Trim();
        string cookie = await SessionAsync(shelf, old);
        using HttpRequestMessage listen = new(HttpMethod.Get, "/api/state/stream");
        listen.Headers.Add("Cookie", cookie);
        using HttpResponseMessage events = await shelf.Http.SendAsync(listen, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);

        if (changed is null)
            File.Delete(file);
        else
            await File.WriteAllTextAsync(file, changed, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithCookieAsync(shelf, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/state", $"Bearer {old}"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(shelf, "/api/state", $"Bearer {File.ReadAllText(file).Trim()}"));
        await events.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).WaitAsync(2 * StateStream.Heartbeat, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ATokenFileThatCannotBeUsedLetsNobodyInUntilItIsMended()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string file = shelf.File("token");
        string token = File.ReadAllText(file).Trim();
        string cookie = await SessionAsync(shelf, token);

        await File.WriteAllTextAsync(file, "short", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithCookieAsync(shelf, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(shelf, "/api/state", $"Bearer {token}"));
        Assert.Single(shelf.Log.Lines, line => line.Contains("Nobody can log in", StringComparison.Ordinal));

        await File.WriteAllTextAsync(file, token, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await StatusWithCookieAsync(shelf, cookie));
    }

    [Fact]
    public async Task OverTlsTheCookieIsSecureAndBrowsersAreToldToStayWithTls()
    {
        using TemporaryFolder folder = new();
        using TestAuthority authority = new();
        (string certificate, string key) = authority.Issue(folder.Path, "localhost");
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"), ("Web:CertificateFile", certificate), ("Web:CertificateKeyFile", key));
        using HttpClient browser = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
        });
        using FormUrlEncodedContent form = new([KeyValuePair.Create("token", File.ReadAllText(shelf.File("token")).Trim())]);

        using HttpResponseMessage login = await browser.PostAsync(new Uri(shelf.Address, "/login"), form, TestContext.Current.CancellationToken);

        Assert.Contains("; secure", Assert.Single(login.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("max-age=", Assert.Single(login.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task WithoutTlsOfItsOwnTheCookieIsSecureWhenAProxyEndsTls(string scheme, bool isSecure)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        using HttpRequestMessage request = new(HttpMethod.Post, "/login")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", File.ReadAllText(shelf.File("token")).Trim())]),
        };
        request.Headers.Add("Origin", $"{scheme}://{shelf.Address.Authority}");

        using HttpResponseMessage login = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(isSecure, Assert.Single(login.Headers.GetValues("Set-Cookie")).Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.False(login.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task TheButtonToSignOutIsThereWhereThereAreSessions()
    {
        await using ShelfOnTheWeb open = await ShelfOnTheWeb.StartAsync();
        await using ShelfOnTheWeb closed = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));
        string cookie = await SessionAsync(closed, File.ReadAllText(closed.File("token")).Trim());

        string without = await open.Http.GetStringAsync("/", TestContext.Current.CancellationToken);
        using HttpResponseMessage with = await SendAsync(closed, HttpMethod.Get, "/", cookie);

        Assert.Contains("action=\"/logout\" data-without-token hidden>", without, StringComparison.Ordinal);
        Assert.Contains("action=\"/logout\">", await with.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    static async Task<string> SessionAsync(ShelfOnTheWeb shelf, string token)
    {
        using HttpResponseMessage login = await LoginAsync(shelf, token);
        return Assert.Single(login.Headers.GetValues("Set-Cookie")).Split(';')[0];
    }

    static async Task<HttpResponseMessage> SendAsync(ShelfOnTheWeb shelf, HttpMethod method, string path, string cookie)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.Add("Cookie", cookie);
        return await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    static async Task<HttpStatusCode> StatusWithCookieAsync(ShelfOnTheWeb shelf, string cookie)
    {
        using HttpResponseMessage response = await SendAsync(shelf, HttpMethod.Get, "/api/state", cookie);
        return response.StatusCode;
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
