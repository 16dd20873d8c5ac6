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
    bool _contradicted;
    TimeSpan _since = TimeSpan.MinValue;

    /// <summary>Takes the next edge.</summary>
    /// <returns>True when the level before it had held long enough to be a press.</returns>
    public bool Edge(bool pressed, TimeSpan at)
    {
        bool press = _since != TimeSpan.MinValue && at - _since >= quiet && Settle();
        _level = pressed;
        _since = at;
        _contradicted = false;
        return press;
    }

    /// <summary>
    /// Says that no edge came for the quiet time, and what the level is now. The level so far has held then, whatever it is
    /// now: another one means an edge that is on its way, or, the second time in a row, one that was lost.
    /// </summary>
    /// <returns>True when this is a press.</returns>
    public bool Quiet(bool pressed)
    {
        bool press = Settle();
        bool edgeWasLost = pressed != _level && _contradicted;
        _contradicted = pressed != _level && !edgeWasLost;
        if (!edgeWasLost)
            return press;
        _level = pressed;
        return Settle() || press;
    }

    bool Settle()
    {
        bool press = _level && !_settled;
        _settled = _level;
        return press;
    }
}
