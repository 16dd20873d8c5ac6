using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class LedPatternTests
{
    [Fact]
    public void EachStateLooksDifferentWithinThreeSeconds()
    {
        string[] looks = [.. Enum.GetValues<LedState>().Select(Look)];

        Assert.Equal(4, looks.Distinct().Count());
        Assert.DoesNotContain('.', Look(LedState.Ready));
        Assert.StartsWith("#.#.#.#.", Look(LedState.Busy), StringComparison.Ordinal);
        Assert.StartsWith("##########..........", Look(LedState.Review), StringComparison.Ordinal);
        Assert.StartsWith("#.#............#.#", Look(LedState.Fault), StringComparison.Ordinal);
    }

    static string Look(LedState state) => string.Concat(Enumerable.Range(0, 30).Select(step => LedPattern.IsOn(state, LedPattern.Step * step) ? '#' : '.'));
}
