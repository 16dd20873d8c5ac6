using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>What somebody teaches.</summary>
/// <param name="Source">One of <see cref="ExampleSources"/>.</param>
sealed record Lesson(string Source)
{
    /// <summary>The slots of the last look, each of which becomes an example.</summary>
    public IReadOnlyList<string> Slots { get; init; } = [];

    /// <summary>The label, or null to teach each slot as what is expected in it ("everything is in its place").</summary>
    public string? Label { get; init; }

    /// <summary>The name, SKU and GTIN of a product that no planogram declares, or null to leave them as they are.</summary>
    public Product? Product { get; init; }

    /// <summary>Whether to teach even if something gets worse.</summary>
    public bool Confirm { get; init; }

    /// <summary>Whether an example of another label that shows the same is moved to this label.</summary>
    public bool Move { get; init; }
}

/// <summary>A crop that may become an example.</summary>
/// <param name="Slot">The slot in which it was seen, or null if it came from a file.</param>
/// <param name="Name">How messages name it: the slot or the file.</param>
/// <param name="Jpeg">The crop in its own shape.</param>
/// <param name="Descriptor">The descriptor if a model has made it already, or null.</param>
sealed record Crop(string Label, string? Slot, string Name, DateTimeOffset TakenAt, ReadOnlyMemory<byte> Jpeg, float[]? Descriptor = null)
{
    /// <summary>The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptor, or null.</summary>
    public string? Model { get; init; }
}

/// <summary>A crop that did not become an example.</summary>
/// <param name="Name">The slot or the file.</param>
/// <param name="Code">One of the constants.</param>
/// <param name="Reason">Why, as a sentence.</param>
sealed record NotTaught(string Name, string Code, string Reason)
{
    public const string NoSlot = "no-slot";
    public const string NothingExpected = "nothing-expected";
    public const string Moving = "moving";
    public const string OutOfPicture = "out-of-picture";
    public const string Blank = "blank";
    public const string Broken = "broken";
    public const string Known = "known";
    public const string OtherLabel = "other-label";

    /// <summary>The example that shows the same, if there is one.</summary>
    public long? Example { get; init; }

    /// <summary>The label of that example.</summary>
    public string? ExampleLabel { get; init; }
}

/// <summary>What came of a lesson.</summary>
/// <param name="Change">The change that was made, or would be made.</param>
/// <param name="Moved">The examples that got another label.</param>
/// <param name="NotTaught">The crops that did not become examples.</param>
/// <param name="Effect">What the change does to the shelf.</param>
sealed record LessonResult(ExampleChange Change, IReadOnlyList<TaughtExample> Moved, IReadOnlyList<NotTaught> NotTaught, TeachingEffect Effect);

/// <summary>The change would make the device worse, and was not confirmed. Nothing was changed.</summary>
sealed class WorseException(TeachingEffect effect) : EdgeShelfException(
    $"This would make the device worse: {string.Join(" ", effect.Worse)}", "Look whether the label and the slot are right. To teach it nevertheless, confirm it.")
{
    public override string Code => TeachingException.MakesWorse;

    public TeachingEffect Effect => effect;
}

/// <summary>What a change does to the shelf, compared with what the device knew before.</summary>
/// <param name="Slots">The slots of the last look whose verdict changes.</param>
/// <param name="RightBefore">The number of examples that the others recognize before the change, among those that can be judged before and after.</param>
/// <param name="RightAfter">The same after the change.</param>
/// <param name="Judged">The number of examples that can be judged before and after the change.</param>
/// <param name="Worse">What gets worse by more than the bound, in sentences.</param>
sealed record TeachingEffect(IReadOnlyList<SlotEffect> Slots, int RightBefore, int RightAfter, int Judged, IReadOnlyList<string> Worse)
{
    public static TeachingEffect None { get; } = new([], 0, 0, 0, []);
}

/// <param name="Before">The verdict of the last look with the examples before.</param>
/// <param name="After">The verdict of the same look with the examples after.</param>
sealed record SlotEffect(string Slot, Verdict Before, Verdict After, string? SeenBefore, string? SeenAfter);

