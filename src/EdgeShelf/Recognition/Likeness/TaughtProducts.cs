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

    /// <param name="model">The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptors, or null if there are none.</param>
    /// <param name="isComplete">Whether these are all examples. Until they are, nothing is judged by them, because half of the products give wrong answers.</param>
    public void Replace(IReadOnlyList<Example> examples, string? model = null, bool isComplete = true)
    {
        _now = new ExampleSet(_now.Version + 1, examples) { Model = model, IsComplete = isComplete };
        Changed?.Invoke();
    }
}

/// <param name="Version">A number that differs for each set of examples in this process.</param>
sealed record ExampleSet(int Version, IReadOnlyList<Example> Examples)
{
    /// <summary>The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptors. They cannot be compared with those of another model.</summary>
    public string? Model { get; init; }

    /// <summary>False while the descriptors are made anew for another model. Verdicts then stay as they were confirmed.</summary>
    public bool IsComplete { get; init; } = true;
}
