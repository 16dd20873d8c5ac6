using System.Globalization;

namespace EdgeShelf.Tests.Chaos;

/// <summary>
/// Every committed result reaches the broker, in order, whatever breaks. Each kind of fault once or twice here; for hours
/// with `scripts/soak.sh`, which sets EDGESHELF_SOAK_MINUTES and EDGESHELF_SOAK_SEED.
/// </summary>
public sealed class ChaosTests
{
    const double Minutes = 1.5;
    const int Seed = 20261125;

    [Fact]
    public async Task NothingThatWasCommittedIsLostReorderedOrChangedWhateverBreaks()
    {
        double soak = Setting("EDGESHELF_SOAK_MINUTES", 0);
        int seed = (int)Setting("EDGESHELF_SOAK_SEED", Seed);
        TimeSpan duration = TimeSpan.FromMinutes(soak > 0 ? soak : Minutes);
        // The second half of a soak is for memory, descriptors and threads of one process.
        TimeSpan endsUntil = soak > 0 ? duration / 2 : duration;
        static void Say(string line) => TestContext.Current.SendDiagnosticMessage(line);
        await using ShelfUnderTest shelf = await ShelfUnderTest.StartAsync();

        (IReadOnlyList<string> problems, string report) = await new ChaosRun(shelf, seed, Say).RunAsync(duration, endsUntil, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.True(shelf.Accepted.Count > 20, report);
        Assert.True(problems.Count == 0, report + "\n" + string.Join('\n', problems.Take(20)));
    }

    static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
