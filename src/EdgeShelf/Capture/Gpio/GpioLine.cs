namespace EdgeShelf.Capture.Gpio;

/// <summary>A line of a GPIO chip, owned until it is disposed. Calls block, and throw <see cref="IOException"/> if the hardware was removed.</summary>
abstract class GpioLine : IDisposable
{
    /// <summary>The current level.</summary>
    public abstract bool IsHigh();

    /// <summary>Sets the level of an output.</summary>
    public abstract void Write(bool high);

    /// <summary>Waits for changes of an input's level.</summary>
    /// <returns>The changes, oldest first. The list is empty if the limit expired.</returns>
    public abstract IReadOnlyList<Edge> WaitForEdges(TimeSpan limit);

    public abstract void Dispose();

    /// <param name="High">The level after the change.</param>
    /// <param name="At">The time of the change, by a monotonic clock.</param>
    public readonly record struct Edge(bool High, TimeSpan At);
}
