namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// Turns the bouncing of a contact into presses: a level counts when it has held for the quiet time. Works on the times of
/// the edges, so it is right even when they are looked at late; a spike shorter than the quiet time is no press.
/// </summary>
/// <param name="quiet">Longer than the contact bounces, shorter than a press.</param>
/// <param name="pressed">The level at the start. A button that is held down at the start is not a press.</param>
sealed class Debouncer(TimeSpan quiet, bool pressed)
{
    bool _settled = pressed;
    bool _level = pressed;
    TimeSpan _since = TimeSpan.MinValue;

    /// <summary>Takes the next edge.</summary>
    /// <returns>True when the level before it had held long enough to be a press.</returns>
    public bool Edge(bool pressed, TimeSpan at)
    {
        bool press = _since != TimeSpan.MinValue && at - _since >= quiet && Settle();
        _level = pressed;
        _since = at;
        return press;
    }

    /// <summary>Says that no edge came for the quiet time, and what the level is now; edges may have been lost.</summary>
    /// <returns>True when this is a press.</returns>
    public bool Quiet(bool pressed)
    {
        _level = pressed;
        return Settle();
    }

    bool Settle()
    {
        bool press = _level && !_settled;
        _settled = _level;
        return press;
    }
}
