namespace EdgeShelf.Teaching.Store;

/// <summary>What to change, and how to say it.</summary>
/// <param name="Summary">What is done, as a sentence for people.</param>
/// <param name="Edits">The edits. Without any, nothing is changed and there is no step.</param>
sealed record ExamplePlan(string Summary, IReadOnlyList<ExampleEdit> Edits);

/// <summary>A change that was made.</summary>
/// <param name="Step">The step that takes it back, or null if there was nothing to change.</param>
/// <param name="Added">The examples that were added and kept.</param>
/// <param name="Dropped">The ids of the examples that the bounds dropped.</param>
/// <param name="Now">The state after the change.</param>
sealed record ExampleChange(TeachingStep? Step, IReadOnlyList<TaughtExample> Added, IReadOnlyList<long> Dropped, ExampleState Now);
