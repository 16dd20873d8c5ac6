namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// Tells the level of a contact from its bouncing: a level counts when it has held for the quiet time. Works on the times of
/// the edges, so it is right even when they are looked at late; a spike shorter than the quiet time is no change.
/// </summary>
/// <param name="quiet">Longer than the contact bounces, shorter than a press.</param>
/// <param name="high">The level at the start, which is no change.</param>
/// <param name="changed">Called with each level that has held and is another than the last.</param>
sealed class Debouncer(TimeSpan quiet, bool high, Action<bool> changed)
{
    bool _settled = high;
    bool _level = high;
    bool _contradicted;
    TimeSpan _since = TimeSpan.MinValue;

    /// <summary>Takes the next edge: the level before it may have held long enough.</summary>
    public void Edge(bool high, TimeSpan at)
    {
        if (_since != TimeSpan.MinValue && at - _since >= quiet)
            Settle();
        _level = high;
        _since = at;
        _contradicted = false;
    }

    /// <summary>
    /// Says that no edge came for the quiet time, and what the level is now. The level so far has held then, whatever it is
    /// now: another one means an edge that is on its way, or, the second time in a row, one that was lost.
    /// </summary>
    public void Quiet(bool high)
    {
        Settle();
        bool edgeWasLost = high != _level && _contradicted;
        _contradicted = high != _level && !edgeWasLost;
        if (!edgeWasLost)
            return;
        _level = high;
        Settle();
    }

    void Settle()
    {
        if (_level == _settled)
            return;
        _settled = _level;
        changed(_level);
    }
}
