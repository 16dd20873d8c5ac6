using EdgeShelf.Cli.Setup;
using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli.Setup;

public sealed class PlaceholdersTests
{
    [Theory]
    [InlineData("shelf-{serial}", "shelf-10000000abcdef01")]
    [InlineData("{mac}", "dca632010203")]
    [InlineData("plain", "plain")]
    public void ANameIsFilledWithWhatTheBoardHas(string name, string filled)
    {
        using TemporaryFolder root = new();
        Directory.CreateDirectory(root.File("proc/device-tree"));
        root.Write("proc/device-tree/serial-number", "10000000abcdef01\0");
        // The wired card comes before the wireless one; the bridge is no card.
        foreach ((string card, string address, bool isDevice) in (ReadOnlySpan<(string, string, bool)>)[("br0", "02:00:00:00:00:01", false), ("wlan0", "dc:a6:32:01:02:04", true), ("eth0", "DC:A6:32:01:02:03", true)])
        {
            Directory.CreateDirectory(root.File($"sys/class/net/{card}{(isDevice ? "/device" : "")}"));
            root.Write($"sys/class/net/{card}/address", address + "\n");
        }
        List<string> problems = [];

        Assert.Equal(filled, new Placeholders(BoardIdentity.Read(root.Path), problems).Fill("device", name));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("{serial}", "this board has no serial number, so use {mac}")]
    [InlineData("{mac}", "this board has no network card, so use {serial}")]
    [InlineData("{device}", "{device} stands for nothing here")]
    [InlineData("{seriel}", "{seriel} stands for nothing here")]
    public void APlaceholderWithoutAValueIsAProblem(string name, string problem)
    {
        List<string> problems = [];

        new Placeholders(new BoardIdentity(null, null), problems).Fill("device", name);

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }
}
