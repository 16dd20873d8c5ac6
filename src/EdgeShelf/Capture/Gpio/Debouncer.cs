namespace EdgeShelf.Capture.Gpio;

/// <summary>
/// Debounces a contact: a level counts when it has lasted for the quiet time. It uses the timestamps of the edges, so the result is
/// correct even if they are processed late. A spike shorter than the quiet time is not a change.
/// </summary>
/// <param name="quiet">The quiet time. It must be longer than the contact bounces and shorter than a press.</param>
/// <param name="high">The level at the start, which does not count as a change.</param>
/// <param name="changed">A callback for each level that has lasted for the quiet time and differs from the last one.</param>
sealed class Debouncer(TimeSpan quiet, bool high, Action<bool> changed)
{
    bool _settled = high;
    bool _level = high;
    bool _contradicted;
    TimeSpan _since = TimeSpan.MinValue;

    /// <summary>Processes the next edge. The level before it may have lasted long enough to count.</summary>
    public void Edge(bool high, TimeSpan at)
    {
        if (_since != TimeSpan.MinValue && at - _since >= quiet)
            Settle();
        _level = high;
        _since = at;
        _contradicted = false;
    }

    /// <summary>
    /// Call this with the current level when no edge came for the quiet time. The previous level has then lasted long enough, whatever the
    /// current one is. A different current level means that an edge is still to come or, the second time in a row, that an edge was lost.
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
