using System.Collections.Immutable;
using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Teaching.Review;

/// <summary>One thing about which the device asks a person, without its crop.</summary>
/// <param name="Id">The id, unique on this device and never used twice.</param>
/// <param name="Result">The id of the result in which it was seen first.</param>
/// <param name="Slot">The slot, or <see cref="ReviewCandidates.WholePicture"/>.</param>
/// <param name="At">The time when the picture was taken, in UTC and whole milliseconds.</param>
/// <param name="Reason">Why it is asked; one of <see cref="ReviewReasons"/>.</param>
/// <param name="Label">What the device says it is, or null if it looks like nothing known.</param>
/// <param name="Confidence">The likeness to that product, or the confidence of the model's class, 0 to 1. Null if there is no label.</param>
/// <param name="Expected">The label that was expected there, or null.</param>
/// <param name="Seen">The number of pictures that showed the same.</param>
/// <param name="Model">The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptor, or null if the model gives none.</param>
/// <param name="Descriptor">The descriptor of the crop, or null if the model gives none.</param>
/// <param name="CropBytes">The size of the crop, in bytes.</param>
sealed record ReviewEntry(
    long Id, string Result, string Slot, DateTimeOffset At, string Reason, string? Label, double? Confidence, string? Expected, int Seen,
    string? Model, CompactDescriptor? Descriptor, int CropBytes)
{
    /// <summary>The size that counts against the bound, in bytes.</summary>
    public long Bytes => CropBytes + (Descriptor?.Length ?? 0);
}

/// <summary>What waits for a person.</summary>
/// <param name="Waiting">The entries that wait, oldest first.</param>
/// <param name="Past">The last entries that were answered or dropped, newest first. They keep the same question from being asked again.</param>
sealed record ReviewState(ImmutableList<ReviewEntry> Waiting, ImmutableList<ReviewEntry> Past)
{
    public static ReviewState None { get; } = new([], []);

    public ReviewEntry? Find(long id) => Waiting.Find(entry => entry.Id == id);
}

/// <summary>What somebody answered to one entry.</summary>
/// <param name="Answer">One of <see cref="ReviewAnswers"/>.</param>
/// <param name="Label">What it is, or null.</param>
/// <param name="IsRight">Whether the device was right, or null if the answer says nothing about it.</param>
sealed record ReviewAnswer(long Id, string Answer, string? Label, bool? IsRight);

/// <summary>How often the device was right in a week.</summary>
/// <param name="Monday">The first day of the week, in UTC.</param>
/// <param name="Answered">The number of answers that say whether the device was right.</param>
sealed record ReviewWeek(DateOnly Monday, int Answered, int Right);

/// <summary>What a person can answer.</summary>
static class ReviewAnswers
{
    public const string Confirm = "confirm";
    public const string Correct = "correct";
    public const string Empty = "empty";
    public const string NotAProduct = "not-a-product";
    public const string Skip = "skip";

    public static IReadOnlyList<string> All { get; } = [Confirm, Correct, Empty, NotAProduct, Skip];
}
