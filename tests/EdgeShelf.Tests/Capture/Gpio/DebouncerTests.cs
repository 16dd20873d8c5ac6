using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class DebouncerTests
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);

    readonly Debouncer _debouncer = new(Quiet, pressed: false);

    [Fact]
    public void TwentyEdgesInFifteenMillisecondsAreOnePress()
    {
        int presses = Enumerable.Range(0, 20).Count(i => Edge(i % 2 == 0 || i == 19, milliseconds: i * 15 / 19.0));

        presses += Count(_debouncer.Quiet(pressed: true));

        Assert.Equal(1, presses);
    }

    [Fact]
    public void ReleasingABouncingButtonIsNoPress()
    {
        Edge(true, 0);
        Assert.True(_debouncer.Quiet(pressed: true));

        int presses = Enumerable.Range(0, 20).Count(i => Edge(i % 2 == 1 && i < 19, milliseconds: 500 + i * 0.5));

        Assert.Equal(0, presses + Count(_debouncer.Quiet(pressed: false)));
    }

    [Fact]
    public void ASpikeIsNoPress()
    {
        Assert.False(Edge(true, 0));
        Assert.False(Edge(false, 1));
        Assert.False(_debouncer.Quiet(pressed: false));
    }

    [Fact]
    public void TwoPressesThatAreSeenLateAndTogetherAreTwo()
    {
        bool[] presses = [Edge(true, 0), Edge(false, 100), Edge(true, 200), Edge(false, 300), _debouncer.Quiet(pressed: false)];

        Assert.Equal(2, presses.Count(press => press));
    }

    [Fact]
    public void AButtonHeldDownAtTheStartIsNoPressUntilItIsPressedAgain()
    {
        Debouncer held = new(Quiet, pressed: true);

        Assert.False(held.Quiet(pressed: true));
        Assert.False(held.Edge(false, TimeSpan.FromSeconds(5)));
        Assert.False(held.Quiet(pressed: false));
        Assert.False(held.Edge(true, TimeSpan.FromSeconds(6)));
        Assert.True(held.Quiet(pressed: true));
    }

    [Fact]
    public void AnEdgeThatTheKernelDroppedIsMadeUpByTheLevel()
    {
        // The first time it may be on its way.
        Assert.False(_debouncer.Quiet(pressed: true));
        Assert.True(_debouncer.Quiet(pressed: true));
        Assert.False(_debouncer.Quiet(pressed: true));
    }

    [Fact]
    public void APressWhoseReleaseIsReadBeforeItsEdgeComesIsStillAPress()
    {
        Assert.False(Edge(true, 0));

        int presses = Count(_debouncer.Quiet(pressed: false)) + Count(Edge(false, 150)) + Count(_debouncer.Quiet(pressed: false));

        Assert.Equal(1, presses);
    }

    bool Edge(bool pressed, double milliseconds) => _debouncer.Edge(pressed, TimeSpan.FromMilliseconds(milliseconds));

    static int Count(bool press) => press ? 1 : 0;
}
