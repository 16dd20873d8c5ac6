using System.Net;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Tests.Fleet;

public sealed class FileFetcherTests : IAsyncLifetime
{
    static readonly byte[] Content = [.. Enumerable.Range(0, 1_000_000).Select(number => (byte)(number * 31 / 7))];

    readonly TemporaryFolder _folder = new();
    FleetFiles _files = null!;

    string Part => _folder.File("file.part");

    public async ValueTask InitializeAsync() => _files = await FleetFiles.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        _folder.Dispose();
    }

    async Task FetchAsync(string url, long? size = null, Action<FleetOptions>? configure = null, TimeProvider? clock = null)
    {
        FleetOptions options = new() { AllowLocalAddresses = true, MinFreeBytes = 0, ReadTimeout = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        using FileFetcher fetcher = new(options, clock ?? TimeProvider.System);
        await fetcher.FetchAsync(url, Part, 2_000_000, size, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AWholeFileIsFetchedOnce()
    {
        string url = _files.Serve("/a", Content);
        await FetchAsync(url, Content.Length);
        Assert.Equal(Content, File.ReadAllBytes(Part));
        await FetchAsync(url, Content.Length);
        Assert.Single(_files.Asked);
    }

    [Fact]
    public async Task AnAttemptThatComesNoFurtherThanTheOneBeforeHasStalled()
    {
        string url = _files.Answer("/half", http => http.Response.Body.WriteAsync(Content.AsMemory(0, 500_000), http.RequestAborted).AsTask());

        Assert.False((await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, Content.Length))).IsStalled);
        Assert.True((await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, Content.Length))).IsStalled);
        Assert.False((await Assert.ThrowsAsync<FetchException>(() => FetchAsync(_files.UrlOf("/nothing"), Content.Length))).IsStalled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADownloadThatStopsAt99PercentIsContinuedThere(bool cut)
    {
        string url = _files.StopAt("/a", Content, 990_000, cut);
        FetchException failed = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, Content.Length));
        Assert.Equal(FleetProblem.DownloadFailed, failed.Code);
        Assert.Contains(cut ? "could not be downloaded" : "nothing came for 1 s", failed.Message, StringComparison.Ordinal);
        long there = new FileInfo(Part).Length;
        Assert.InRange(there, 1, 990_000);

        await FetchAsync(url, Content.Length);
        Assert.Equal(Content, File.ReadAllBytes(Part));
        Assert.Equal($"bytes={there}-", _files.Asked[^1].Range);
    }

    [Fact]
    public async Task AServerWithoutRangesSendsTheWholeFileAgain()
    {
        File.WriteAllBytes(Part, Content[..500_000]);
        await FetchAsync(_files.Answer("/a", http => http.Response.Body.WriteAsync(Content).AsTask()), Content.Length);
        Assert.Equal(Content, File.ReadAllBytes(Part));
    }

    [Fact]
    public async Task APartOfAnotherFileIsGivenUp()
    {
        File.WriteAllBytes(Part, Content[..500_000]);
        string url = _files.Serve("/a", Content[..1000]);
        await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, 1_000_000));
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task ALongerFileThanAnnouncedEndsTheDownload()
    {
        FleetException known = await Assert.ThrowsAsync<FleetException>(() => FetchAsync(_files.Serve("/a", Content), 1000));
        Assert.Equal(FleetProblem.WrongSize, known.Code);
        string endless = _files.Answer("/endless", async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(Content, http.RequestAborted);
        });
        FleetException grown = await Assert.ThrowsAsync<FleetException>(() => FetchAsync(endless));
        Assert.Equal(FleetProblem.WrongSize, grown.Code);
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task AShorterFileThanAnnouncedIsRefused() =>
        Assert.Equal(FleetProblem.WrongSize, (await Assert.ThrowsAsync<FleetException>(() => FetchAsync(_files.Serve("/a", Content), Content.Length + 1))).Code);

    [Fact]
    public async Task TheServerMaySayHowLongToWait()
    {
        string url = _files.Answer("/busy", http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1800";
            return Task.CompletedTask;
        });
        FetchException busy = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url));
        Assert.Equal(TimeSpan.FromMinutes(30), busy.RetryAfter);
        Assert.Contains("503", busy.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fri, 27 Nov 2026 14:00:00 GMT", 2)]
    [InlineData("Sun, 27 Dec 2026 12:00:00 GMT", 24)]
    public async Task ATimeOfTheServerIsTakenByTheDevicesClockAndBounded(string until, int hours)
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider noon = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
        string url = _files.Answer("/busy", http =>
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = until;
            return Task.CompletedTask;
        });
        Assert.Equal(TimeSpan.FromHours(hours), (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, clock: noon))).RetryAfter);
    }

    [Fact]
    public async Task ARedirectIsFollowedAndACircleIsNot()
    {
        _files.Serve("/real", Content);
        await FetchAsync(Redirect("/moved", "/real"), Content.Length);
        Assert.Equal(Content, File.ReadAllBytes(Part));
        FleetException circle = await Assert.ThrowsAsync<FleetException>(() => FetchAsync(Redirect("/circle", "/circle")));
        Assert.Equal(FleetProblem.BadAddress, circle.Code);
        Assert.Equal(FileFetcher.MaxRedirects + 1, _files.Asked.Count(asked => asked.Path == "/circle"));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://files/a")]
    [InlineData("http://user:secret@127.0.0.1/a")]
    public async Task ARedirectLeadsOnlyToPlainHttp(string target) =>
        Assert.Equal(FleetProblem.BadAddress, (await Assert.ThrowsAsync<FleetException>(() => FetchAsync(Redirect("/moved", target)))).Code);

    [Fact]
    public async Task LoopbackIsRefusedWhateverNameItHasAndBeforeAnythingIsSent()
    {
        string url = _files.Serve("/a", Content);
        foreach (string host in new[] { "127.0.0.1", "localhost", "[::ffff:127.0.0.1]" })
        {
            string named = url.Replace("127.0.0.1", host, StringComparison.Ordinal);
            FleetException refused = await Assert.ThrowsAsync<FleetException>(() => FetchAsync(named, configure: options => options.AllowLocalAddresses = false));
            Assert.Equal(FleetProblem.AddressNotAllowed, refused.Code);
        }
        Assert.Empty(_files.Asked);
    }

    [Theory]
    [InlineData("127.8.9.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("192.168.1.20", true)]
    [InlineData("10.0.0.5", true)]
    [InlineData("203.0.113.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("64:ff9b::cb00:7107", true)]
    public void OnlyComputersOfANetworkAreAllowed(string address, bool isAllowed) => Assert.Equal(isAllowed, AddressRule.Allows(IPAddress.Parse(address)));

    [Fact]
    public async Task WithoutFreeSpaceNothingIsAsked()
    {
        string url = _files.Serve("/a", Content);
        FetchException full = await Assert.ThrowsAsync<FetchException>(() => FetchAsync(url, Content.Length, options => options.MinFreeBytes = long.MaxValue / 2));
        Assert.Equal(FleetProblem.NoSpace, full.Code);
        Assert.Empty(_files.Asked);
    }

    string Redirect(string path, string target) => _files.Answer(path, http =>
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = target;
        return Task.CompletedTask;
    });
}
