using System.Net;
using System.Net.Sockets;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

public sealed class WebServerTests
{
    [Fact]
    public async Task APortThatIsTakenKeepsThePageAwayNotTheService()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        FakeTimeProvider clock = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartWithoutWaitingAsync(
            clock, ("Web:Port", $"{port}"), ("Capture:Interval", "00:00:01"));
        shelf.ShowPlain("a.jpg", SKColors.Red);

        await AdvanceUntilAsync(clock, () => shelf.Status.Now.Captures > 2);
        Assert.False(shelf.Server.Listening.IsCompleted);
        other.Stop();
        await AdvanceUntilAsync(clock, () => shelf.Server.Listening.IsCompleted);
        await shelf.ListeningAsync();

        Assert.Equal("ok\n", await shelf.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        Assert.Single(shelf.Log.Lines, line => line.Contains("The page cannot be served on", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryWrongSettingIsNamed()
    {
        WebOptions options = new() { Address = "shelf", Port = 70000, TokenFile = "", AllowedHosts = ["http://x"], CertificateKeyFile = "/nowhere/key.pem" };

        ValidateOptionsResult result = new WebOptionsValidator().Validate(null, options);

        foreach (string problem in new[] { "Web:Address is shelf", "Web:Port is 70000", "Web:TokenFile is empty", "Web:AllowedHosts has http://x", "Web:CertificateKeyFile is /nowhere/key.pem", "Web:CertificateFile is not set" })
            Assert.Contains(result.Failures!, failure => failure.StartsWith(problem, StringComparison.Ordinal));
        Assert.True(new WebOptionsValidator().Validate(null, new WebOptions()).Succeeded);
    }

    static Task AdvanceUntilAsync(FakeTimeProvider clock, Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
