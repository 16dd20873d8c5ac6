namespace EdgeShelf.Capture.Gpio;

/// <summary>What the light says.</summary>
enum LedState { Ready, Busy, Review, Fault }

/// <summary>How the light says it, so that people tell the states apart without a manual.</summary>
static class LedPattern
{
    /// <summary>How often the light is looked at; the shortest stretch of any pattern.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Steady: ready. Flicker: busy. Slow blink: a person should look. Two short flashes and a pause: fault.</summary>
    public static bool IsOn(LedState state, TimeSpan elapsed)
    {
        long step = elapsed.Ticks / Step.Ticks;
        return state switch
        {
            LedState.Ready => true,
            LedState.Busy => step % 2 == 0,
            LedState.Review => step % 20 < 10,
            _ => step % 15 is 0 or 2,
        };
    }
}
