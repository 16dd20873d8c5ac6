namespace EdgeShelf.Capture.Gpio;

/// <summary>One line of a GPIO chip, owned until it is disposed. Calls block; they throw <see cref="IOException"/> when the hardware is gone.</summary>
abstract class GpioLine : IDisposable
{
    /// <summary>The level now.</summary>
    public abstract bool IsHigh();

    /// <summary>Sets the level of an output.</summary>
    public abstract void Write(bool high);

    /// <summary>Waits for changes of an input's level.</summary>
    /// <returns>Those that were seen, oldest first; none when the limit ran out.</returns>
    public abstract IReadOnlyList<Edge> WaitForEdges(TimeSpan limit);

    public abstract void Dispose();

    /// <param name="High">The level after the change.</param>
    /// <param name="At">When, on a clock that only goes forward.</param>
    public readonly record struct Edge(bool High, TimeSpan At);
}
