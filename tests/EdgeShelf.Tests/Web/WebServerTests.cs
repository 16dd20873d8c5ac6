using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
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

        await AdvanceUntilAsync(clock, () => shelf.Status.Now.Captures > 12 && shelf.Log.Lines.Any(line => line.Contains("The page cannot be served on", StringComparison.Ordinal)));
        Assert.False(shelf.Server.Listening.IsCompleted);
        other.Stop();
        await AdvanceUntilAsync(clock, () => shelf.Server.Listening.IsCompleted);
        await shelf.ListeningAsync();

        Assert.Equal("ok\n", await shelf.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        Assert.Single(shelf.Log.Lines, line => line.Contains("The page cannot be served on", StringComparison.Ordinal));
        Assert.Single(shelf.Log.Lines, line => line.Contains("The page is at", StringComparison.Ordinal));
        Assert.DoesNotContain(shelf.Log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OverTlsARenewedCertificateIsTakenUpWithTheNextConnection()
    {
        using TemporaryFolder folder = new();
        using TestAuthority authority = new();
        (string certificate, string key) = authority.Issue(folder.Path, "shelf", to: TimeProvider.System.GetUtcNow().AddDays(10));
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Web:CertificateFile", certificate), ("Web:CertificateKeyFile", key));
        string first = await CertificateServedAsync(shelf.Address);

        authority.Issue(folder.Path, "shelf", to: TimeProvider.System.GetUtcNow().AddDays(20));
        File.SetLastWriteTimeUtc(certificate, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        string second = await CertificateServedAsync(shelf.Address);

        Assert.Equal("https", shelf.Address.Scheme);
        Assert.NotEqual(first, second);
        Assert.Equal(X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificate, TestContext.Current.CancellationToken)).Thumbprint, second);
    }

    static async Task<string> CertificateServedAsync(Uri address)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        string? shown = null;
        using SslStream tls = new(tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            // The question is which certificate is shown; this test's authority is none that the system trusts.
            shown = certificate?.GetCertHashString();
            return certificate is not null;
        });
        await tls.AuthenticateAsClientAsync("localhost");
        return shown!;
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

    static Task AdvanceUntilAsync(FakeTimeProvider clock, Func<bool> condition) => Wait.UntilAsync(() =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
