namespace EdgeShelf.Recognition.Likeness;

/// <summary>
/// The examples that slots are compared with. The owner of the examples replaces them as a whole, and every look uses one consistent set.
/// All members are thread-safe.
/// </summary>
sealed class TaughtProducts
{
    volatile ExampleSet _now = new(0, []);

    /// <summary>Raised after the examples were replaced, on the thread that did it.</summary>
    public event Action? Changed;

    public ExampleSet Now => _now;

    public void Replace(IReadOnlyList<Example> examples)
    {
        _now = new ExampleSet(_now.Version + 1, examples);
        Changed?.Invoke();
    }
}

/// <param name="Version">A number that differs for each set of examples in this process.</param>
sealed record ExampleSet(int Version, IReadOnlyList<Example> Examples);
