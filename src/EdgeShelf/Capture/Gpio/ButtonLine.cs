namespace EdgeShelf.Capture.Gpio;

/// <summary>The wire of a push button. Calls block; they throw <see cref="IOException"/> when the hardware is gone.</summary>
abstract class ButtonLine : IDisposable
{
    /// <summary>The level now, after active-low.</summary>
    public abstract bool IsPressed();

    /// <summary>Waits for changes of the level.</summary>
    /// <returns>Those that were seen, oldest first; none when the limit ran out.</returns>
    public abstract IReadOnlyList<Edge> WaitForEdges(TimeSpan limit);

    public abstract void Dispose();

    /// <param name="Pressed">The level after the change.</param>
    /// <param name="At">When, on a clock that only goes forward.</param>
    public readonly record struct Edge(bool Pressed, TimeSpan At);
}
