using System.Globalization;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Documents;

/// <summary>What came of a lesson or of a change of products, in HTTP answers, responses and the output of verbs.</summary>
/// <param name="Step">The step that takes the change back, or null if nothing was changed.</param>
/// <param name="Added">The new examples.</param>
/// <param name="Moved">The examples that got another label.</param>
/// <param name="NotAdded">The slots or files that did not become examples.</param>
/// <param name="Dropped">The ids of examples that the bounds dropped.</param>
/// <param name="Effect">What the change does to the shelf.</param>
sealed record LessonDocument(
    StepDocument? Step, IReadOnlyList<AddedDocument> Added, IReadOnlyList<AddedDocument> Moved, IReadOnlyList<NotAddedDocument> NotAdded, IReadOnlyList<long> Dropped, EffectDocument Effect)
{
    public static LessonDocument Of(LessonResult result) => new(
        StepDocument.Of(result.Change.Step), [.. result.Change.Added.Select(AddedDocument.Of)], [.. result.Moved.Select(AddedDocument.Of)],
        [.. result.NotTaught.Select(NotAddedDocument.Of)], result.Change.Dropped, EffectDocument.Of(result.Effect));

    public static LessonDocument Of(ProductChange change) =>
        new(StepDocument.Of(change.Change.Step), [], [], [], change.Change.Dropped, EffectDocument.Of(change.Effect));
}

/// <param name="Step">The number to give when the step is taken back.</param>
/// <param name="Kind">`add`, `remove`, `rename`, `merge`, `split` or `import`.</param>
sealed record StepDocument(long Step, string At, string Kind, string Summary)
{
    public static StepDocument? Of(TeachingStep? step) => step is null ? null : new StepDocument(step.Seq, Times.Text(step.At), step.Kind, step.Summary);
}

sealed record AddedDocument(long Id, string? Slot, string Label)
{
    public static AddedDocument Of(TaughtExample example) => new(example.Id, example.Slot, example.Label);
}

/// <param name="Slot">The slot or the file.</param>
/// <param name="Code">Why, for programs: `no-slot`, `nothing-expected`, `moving`, `out-of-picture`, `blank`, `broken`, `known`, `other-label`.</param>
/// <param name="Example">The example that shows the same, if that is why.</param>
/// <param name="Label">The label of that example.</param>
sealed record NotAddedDocument(string Slot, string Code, string Reason, long? Example, string? Label)
{
    public static NotAddedDocument Of(NotTaught one) => new(one.Name, one.Code, one.Reason, one.Example, one.ExampleLabel);
}

/// <summary>What a change does; see <see cref="TeachingEffect"/>.</summary>
/// <param name="Changes">The slots of the last look whose verdict changes.</param>
/// <param name="Worse">What gets worse, in sentences.</param>
sealed record EffectDocument(IReadOnlyList<SlotEffectDocument> Changes, LeaveOneOutDocument LeaveOneOut, IReadOnlyList<string> Worse)
{
    public static EffectDocument Of(TeachingEffect effect) => new(
        [.. effect.Slots.Select(slot => new SlotEffectDocument(slot.Slot, VerdictNames.Of(slot.Before), VerdictNames.Of(slot.After), slot.SeenBefore, slot.SeenAfter))],
        new LeaveOneOutDocument(effect.Judged, effect.RightBefore, effect.RightAfter), effect.Worse);
}

sealed record SlotEffectDocument(string Slot, string From, string To, string? SeenBefore, string? SeenAfter);

/// <param name="Judged">The number of examples that can be judged by the others before and after the change.</param>
/// <param name="Before">How many of them are recognized before the change.</param>
/// <param name="After">How many of them are recognized after the change.</param>
sealed record LeaveOneOutDocument(int Judged, int Before, int After);

/// <summary>An example in lists.</summary>
/// <param name="At">The time when its picture was taken, RFC 3339 in UTC.</param>
sealed record ExampleDocument(long Id, string Label, string? Slot, string At, string Source)
{
    public static ExampleDocument Of(TaughtExample example) => new(example.Id, example.Label, example.Slot, Times.Text(example.TakenAt), example.Source);
}

static class Times
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
