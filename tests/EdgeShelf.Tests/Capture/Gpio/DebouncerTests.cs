using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class DebouncerTests
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);

    readonly List<bool> _changes = [];
    readonly Debouncer _debouncer;

    public DebouncerTests() => _debouncer = new Debouncer(Quiet, high: false, _changes.Add);

    [Fact]
    public void TwentyEdgesInFifteenMillisecondsAreOneChange()
    {
        for (int i = 0; i < 20; i++)
            Edge(i % 2 == 0 || i == 19, milliseconds: i * 15 / 19.0);

        _debouncer.Quiet(high: true);

        Assert.Equal([true], _changes);
    }

    [Fact]
    public void AContactThatBouncesOnReleaseIsReleasedOnce()
    {
        Edge(true, 0);
        _debouncer.Quiet(high: true);
        for (int i = 0; i < 20; i++)
            Edge(i % 2 == 1 && i < 19, milliseconds: 500 + i * 0.5);

        _debouncer.Quiet(high: false);

        Assert.Equal([true, false], _changes);
    }

    [Fact]
    public void ASpikeIsNoChange()
    {
        Edge(true, 0);
        Edge(false, 1);
        _debouncer.Quiet(high: false);

        Assert.Empty(_changes);
    }

    [Fact]
    public void TwoPressesThatAreSeenLateAndTogetherAreTwo()
    {
        Edge(true, 0);
        Edge(false, 100);
        Edge(true, 200);
        Edge(false, 300);
        _debouncer.Quiet(high: false);

        Assert.Equal([true, false, true, false], _changes);
    }

    [Fact]
    public void TheLevelAtTheStartIsNoChange()
    {
        List<bool> changes = [];
        Debouncer held = new(Quiet, high: true, changes.Add);

        held.Quiet(high: true);
        Assert.Empty(changes);
        held.Edge(false, TimeSpan.FromSeconds(5));
        held.Quiet(high: false);
        held.Edge(true, TimeSpan.FromSeconds(6));
        held.Quiet(high: true);

        Assert.Equal([false, true], changes);
    }

    [Fact]
    public void AnEdgeThatTheKernelDroppedIsMadeUpByTheLevel()
    {
        // The first time it may be on its way.
        _debouncer.Quiet(high: true);
        Assert.Empty(_changes);
        _debouncer.Quiet(high: true);
        _debouncer.Quiet(high: true);

        Assert.Equal([true], _changes);
    }

    [Fact]
    public void APressWhoseReleaseIsReadBeforeItsEdgeComesIsStillAPress()
    {
        Edge(true, 0);
        _debouncer.Quiet(high: false);
        Edge(false, 150);
        _debouncer.Quiet(high: false);

        Assert.Equal([true, false], _changes);
    }

    void Edge(bool high, double milliseconds) => _debouncer.Edge(high, TimeSpan.FromMilliseconds(milliseconds));
}
