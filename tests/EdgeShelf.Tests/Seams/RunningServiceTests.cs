using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The real program while its model is changed.</summary>
public sealed partial class RunningServiceTests
{
    /// <summary>Both would send each change, with different ids, and take the broker from each other.</summary>
    [Fact]
    public async Task ASecondServiceOnTheSameStateIsRefusedAndTheNextOneAfterAKillIsNot()
    {
        using TemporaryFolder state = new();
        using TemporaryFolder pictures = new();
        await File.WriteAllBytesAsync(pictures.File("a.jpg"), PicturesOf.Scene(), TestContext.Current.CancellationToken);
        string[] run = ["run", "--set", $"Capture:Folder:Path={pictures.Path}", "--set", "Capture:Interval=1s", "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", "Web:Port=0"];
        using EdgeShelfProcess first = EdgeShelfProcess.Start(state.Path, run);
        await Wait.UntilAsync(() => Captures(first.Output).Length > 0, TimeSpan.FromMinutes(1), "the first picture");

        using EdgeShelfProcess second = EdgeShelfProcess.Start(state.Path, run);
        Assert.Equal(2, second.WaitForExit());
        Assert.Contains($"Another EdgeShelf service uses {state.Path}.", second.Errors, StringComparison.Ordinal);

        first.KillNine();
        using EdgeShelfProcess third = EdgeShelfProcess.Start(state.Path, run);
        await Wait.UntilAsync(() => Captures(third.Output).Length > 0, TimeSpan.FromMinutes(1), "a picture after the kill");
        Assert.Equal(0, third.Terminate());
    }

    [Fact]
    public async Task AnotherModelIsTakenBetweenTwoPicturesAndNoPictureIsLost()
    {
        using TemporaryFolder state = new();
        using TemporaryFolder pictures = new();
        await File.WriteAllBytesAsync(pictures.File("a.jpg"), PicturesOf.Scene(), TestContext.Current.CancellationToken);
        ModelCopy.Create(Path.Combine(state.Path, "models"), "second");
        using EdgeShelfProcess service = EdgeShelfProcess.Start(
            state.Path, "run", "--set", $"Capture:Folder:Path={pictures.Path}", "--set", "Capture:Interval=00:00:00.2", "--set", "Publish:Broker=mqtt://127.0.0.1:1");
        await Wait.UntilAsync(() => Captures(service.Output).Length > 2, TimeSpan.FromMinutes(1), "the first pictures");

        using EdgeShelfProcess use = EdgeShelfProcess.Start(state.Path, "model", "use", "second");
        Assert.Equal(0, use.WaitForExit());
        await Wait.UntilAsync(() => service.Output.Contains("second", StringComparison.Ordinal), TimeSpan.FromMinutes(1), "the change");
        int seen = Captures(service.Output).Length;
        await Wait.UntilAsync(() => Captures(service.Output).Length > seen + 2, TimeSpan.FromMinutes(1), "pictures after the change");

        long[] numbers = Captures(service.Output);
        // The change's own event takes one number; no other is missing.
        Assert.Equal(numbers.Length + 1, numbers[^1] - numbers[0] + 1);
        Assert.Equal(0, service.Terminate());
    }

    static long[] Captures(string output) => [.. SequenceNumber().Matches(output).Select(match => long.Parse(match.Groups[1].ValueSpan, null))];

    [GeneratedRegex(@"#(\d+) ")]
    private static partial Regex SequenceNumber();
}
