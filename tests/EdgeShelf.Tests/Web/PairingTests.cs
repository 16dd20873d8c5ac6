using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Cli;
using EdgeShelf.Cli.Setup;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;

namespace EdgeShelf.Tests.Web;

/// <summary>A phone opens the page with a code, as the login page sends it.</summary>
public sealed partial class PairingTests
{
    [Fact]
    public async Task TheCodeOfTheFirstStartOpensThePageAndTheNextStartMakesNone()
    {
        using TemporaryFolder folder = new();
        (string, string)[] settings = [("Web:Address", "0.0.0.0"), ("Web:TokenFile", folder.File("token"))];
        await using (ShelfOnTheWeb shelf = await OnLoopbackAsync(settings))
        {
            Match line = PairingLine().Match(string.Join('\n', shelf.Log.Lines));
            Assert.True(line.Success, string.Join('\n', shelf.Log.Lines));

            using HttpResponseMessage answer = await SendAsync(shelf, line.Groups["code"].Value);
            using HttpRequestMessage page = new(HttpMethod.Get, "/");
            page.Headers.Add("Cookie", Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split(';')[0]);
            using HttpResponseMessage opened = await shelf.Http.SendAsync(page, TestContext.Current.CancellationToken);

            Assert.Equal("/", answer.Headers.Location?.ToString());
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        }
        await using ShelfOnTheWeb again = await OnLoopbackAsync(settings);
        Assert.DoesNotContain(again.Log.Lines, line => PairingLine().IsMatch(line));
    }

    [Fact]
    public async Task SomebodyWhoGuessesIsStoppedAfterFiveTriesAndSlowedDown()
    {
        using TemporaryFolder folder = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", folder.File("token")));
        string code = PairingCode.Of(new WebOptions { TokenFile = folder.File("token") }, TimeProvider.System).Begin();
        int right = int.Parse(code, CultureInfo.InvariantCulture);

        // All of them at once, from several connections: the tries are counted one after the other.
        HttpResponseMessage[] guesses = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => SendAsync(shelf, ((right + i) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture))));
        using HttpResponseMessage late = await SendAsync(shelf, code);

        Assert.All(guesses.Append(late), answer =>
        {
            Assert.Equal("/login?wrong=code", answer.Headers.Location?.ToString());
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        });
        long started = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage slow = await SendAsync(shelf, "000000");
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= FailedLogins.FirstDelay);
        Assert.Contains(shelf.Log.Lines, line => line.Contains("wrong token or code was sent", StringComparison.Ordinal));
        foreach (HttpResponseMessage guess in guesses)
            guess.Dispose();
    }

    [Theory]
    [InlineData("123456", true)]
    [InlineData("12345\"", false)]
    [InlineData("\"><script>", false)]
    public async Task ACodeInTheAddressIsFilledInAndNothingElseIs(string code, bool isFilledIn)
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", "{folder}/token"));

        string html = await shelf.Http.GetStringAsync($"/login?code={Uri.EscapeDataString(code)}", TestContext.Current.CancellationToken);

        Assert.Equal(isFilledIn, html.Contains($"value=\"{code}\"", StringComparison.Ordinal));
        Assert.Equal(!isFilledIn, html.Contains("value=\"\"", StringComparison.Ordinal));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheVerbShowsACodeForTheRunningServiceWithAQrCode()
    {
        using TemporaryFolder folder = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", folder.File("token")));
        string[] settings = ["--set", $"Web:TokenFile={folder.File("token")}", "--set", "Web:Address=0.0.0.0", "--set", "Web:Port=8123"];

        (int exitCode, string shown, string errors) = await InProcess.RunAsync(["pair", .. settings]);
        (_, string json, _) = await InProcess.RunAsync(["pair", "--json", .. settings]);
        using HttpResponseMessage replaced = await SendAsync(shelf, ShownCode().Match(shown).Groups["code"].Value);
        using HttpResponseMessage opened = await SendAsync(shelf, JsonDocument.Parse(json).RootElement.GetProperty("code").GetString()!);

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("█", shown, StringComparison.Ordinal);
        Assert.Contains($"http://{Environment.MachineName}.local:8123/".ToLowerInvariant(), shown.ToLowerInvariant(), StringComparison.Ordinal);
        Assert.Equal("/login?wrong=code", replaced.Headers.Location?.ToString());
        Assert.Equal("/", opened.Headers.Location?.ToString());
    }

    [Fact]
    public async Task TheVerbSaysWhenNothingAnswersAtThePagesPort()
    {
        using TemporaryFolder folder = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:TokenFile", folder.File("token")));
        string[] pair = ["pair", "--set", $"Web:TokenFile={folder.File("token")}", "--set", "Web:Address=0.0.0.0", "--set"];

        (int running, _, string silent) = await InProcess.RunAsync([.. pair, $"Web:Port={shelf.Address.Port}"]);
        int free = FreePort.Next();
        (int stopped, string shown, string told) = await InProcess.RunAsync([.. pair, $"Web:Port={free}"]);

        Assert.Equal((ExitCodes.Fine, ""), (running, silent));
        Assert.Equal(ExitCodes.Fine, stopped);
        Assert.Matches(ShownCode(), shown);
        Assert.Contains($"Nothing answers at port {free} of this device", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, "Start it with `sudo systemctl start edgeshelf`")]
    public async Task OnADeviceTheVerbAsksSystemdWhetherTheServiceRuns(int isActive, string? told)
    {
        // Like systemctl: it knows the unit, and is-active ends with 3 where it does not run.
        DeviceService service = new((arguments, _) => Task.FromResult((arguments[0] == "cat" ? 0 : isActive, "")));

        string? problem = await PairCommand.ProblemOfAsync(service, new WebOptions { Address = "0.0.0.0", Port = FreePort.Next() }, TestContext.Current.CancellationToken);

        Assert.Equal(told is null, problem is null);
        Assert.Contains(told ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereThePageNeedsNoCodeTheVerbSaysWhatToSet()
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("pair");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Set Web:Address to 0.0.0.0", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", true, "http://shelf-07.local:8080/,http://192.168.1.7:8080/")]
    [InlineData("0.0.0.0", false, "http://192.168.1.7:8080/,http://shelf-07.local:8080/")]
    [InlineData("192.168.1.9", false, "http://192.168.1.9:8080/,http://shelf-07.local:8080/")]
    [InlineData("127.0.0.1", true, "http://127.0.0.1:8080/")]
    public void TheAddressThatPhonesCanResolveComesFirst(string listen, bool hasMulticastDns, string expected) =>
        Assert.Equal(expected, string.Join(',', PageAddress.Of(new WebOptions { Address = listen }, 8080, "shelf-07", hasMulticastDns, [IPAddress.Parse("192.168.1.7")])));

    [Fact]
    public void WithACertificateTheAddressIsHttps() =>
        Assert.Equal("https://shelf-07.local/", PageAddress.Of(new WebOptions { Address = "0.0.0.0", CertificateFile = "/c.pem" }, 443, "shelf-07", true, [])[0].AbsoluteUri);

    static async Task<ShelfOnTheWeb> OnLoopbackAsync((string, string)[] settings)
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(settings);
        shelf.Http.BaseAddress = new Uri($"http://127.0.0.1:{shelf.Address.Port}/");
        return shelf;
    }

    static Task<HttpResponseMessage> SendAsync(ShelfOnTheWeb shelf, string code) => shelf.Http.PostAsync(
        "/login", new FormUrlEncodedContent([new("code", code)]), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"enter the code (?<code>\d{3} \d{3}) within 10 minutes")]
    private static partial Regex PairingLine();

    [GeneratedRegex(@"enter the code (?<code>\d{3} \d{3})")]
    private static partial Regex ShownCode();
}
