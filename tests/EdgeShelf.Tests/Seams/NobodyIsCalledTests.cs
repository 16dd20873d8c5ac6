using System.Globalization;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The device calls nobody but its camera and its broker, whatever the libraries in it would like to do.</summary>
public sealed class NobodyIsCalledTests
{
    /// <summary>ONNX Runtime left a device identifier and a database for uploads in the user's home.</summary>
    [Theory]
    [InlineData("bench", "-n", "3")]
    [InlineData("model", "verify")]
    [InlineData("doctor")]
    public void AVerbLeavesNothingInTheUsersHome(params string[] arguments)
    {
        using TemporaryFolder home = new();
        using TemporaryFolder state = new();
        using EdgeShelfProcess verb = EdgeShelfProcess.StartBy(
            state.Path, ["env", $"HOME={home.Path}", "XDG_CACHE_HOME=", "XDG_STATE_HOME=", "XDG_CONFIG_HOME=", EdgeShelfProcess.Program, .. arguments]);
        verb.WaitForExit();

        Assert.NotEmpty(verb.Output);
        Assert.Empty(Directory.GetFileSystemEntries(home.Path, "*", SearchOption.AllDirectories));
    }

    /// <summary>`EDGESHELF_QUIET_SECONDS=3600` makes it an hour.</summary>
    [Fact]
    public async Task TheServiceAsksForNoNameAndNoAddressButThoseInItsSettings()
    {
        int seconds = int.Parse(Environment.GetEnvironmentVariable("EDGESHELF_QUIET_SECONDS") ?? "15", CultureInfo.InvariantCulture);
        using NetworkNamespace network = NetworkNamespace.Create();
        network.LeadEverythingOutside();
        using TemporaryFolder state = new();
        await using NetworkRecorder seen = new(network);
        using EdgeShelfProcess service = EdgeShelfProcess.StartBy(
            state.Path, [.. network.Prefix, EdgeShelfProcess.Program, "run", "--set", "Capture:Camera=http", "--set", "Capture:Http:Url=http://camera.test/snapshot.jpg",
            "--set", "Capture:Interval=00:00:01", "--set", "Publish:Broker=mqtt://broker.test"]);

        await Wait.UntilAsync(() => seen.Names.ContainsKey("camera.test") && seen.Names.ContainsKey("broker.test"), TimeSpan.FromMinutes(1), $"both names; {service.Output} {service.Errors}");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(["broker.test", "camera.test"], seen.Names.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([network.Outside], seen.Addresses.Keys);
        Assert.Equal(0, service.Terminate());
    }
}
