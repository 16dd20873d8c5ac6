namespace EdgeShelf.Capture.Gpio;

/// <summary>The state that the LED shows.</summary>
enum LedState { Ready, Busy, Review, Fault }

/// <summary>The blink patterns of the LED. They differ enough for people to recognize the states without a manual.</summary>
static class LedPattern
{
    /// <summary>The interval at which the LED is updated, which is the shortest phase of any pattern.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the LED is on. Steady means ready, fast flicker busy, slow blinking that something waits for a person, two short flashes and a pause a fault.</summary>
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
