using EdgeShelf.Teaching.Review;

namespace EdgeShelf.Teaching.Documents;

/// <summary>What waits for a person, in HTTP answers and in the output of verbs.</summary>
/// <param name="Waiting">The number of all that wait, also where the list is filtered.</param>
/// <param name="Weeks">How often the device was right, the oldest week first.</param>
/// <param name="Entries">What waits, the newest first.</param>
sealed record ReviewDocument(int Waiting, IReadOnlyList<ReviewWeekDocument> Weeks, IReadOnlyList<ReviewEntryDocument> Entries);

/// <param name="Week">The Monday with which the week begins, in UTC.</param>
/// <param name="Answered">The number of answers that say whether the device was right.</param>
sealed record ReviewWeekDocument(string Week, int Answered, int Right)
{
    public static ReviewWeekDocument Of(ReviewWeek week) => new(week.Monday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), week.Answered, week.Right);
}

/// <param name="Result">The id of the result in which it was seen first.</param>
/// <param name="Slot">The slot, or `shelf` for a whole picture.</param>
/// <param name="At">The time when the picture was taken, RFC 3339 in UTC.</param>
/// <param name="Reason">`low-confidence`, `close-call`, `unknown-product` or `changed`.</param>
/// <param name="Says">What the device says it is, or null if it looks like nothing known.</param>
/// <param name="Confidence">The likeness to that product, or the confidence of the model's class, 0 to 1. Null if the device knows nothing.</param>
/// <param name="Expected">What was expected in the slot, or null.</param>
/// <param name="Seen">The number of pictures that showed the same.</param>
sealed record ReviewEntryDocument(
    long Id, string Result, string Slot, string At, string Reason, ReviewProductDocument? Says, double? Confidence, ReviewProductDocument? Expected, int Seen)
{
    /// <param name="nameOf">Returns the name of a label, or null.</param>
    public static ReviewEntryDocument Of(ReviewEntry entry, int seen, Func<string, string?> nameOf)
    {
        ReviewProductDocument? Product(string? label) => label is null ? null : new ReviewProductDocument(label, nameOf(label));
        return new ReviewEntryDocument(
            entry.Id, entry.Result, entry.Slot, Times.Text(entry.At), entry.Reason, Product(entry.Label), entry.Confidence, Product(entry.Expected), seen);
    }
}

sealed record ReviewProductDocument(string Label, string? Name);

/// <summary>What came of answers.</summary>
/// <param name="Turn">The number to give when the answers are taken back.</param>
/// <param name="Answered">The ids that do not wait any more.</param>
/// <param name="Right">How many of them the device had right.</param>
/// <param name="NotAnswered">What waits still, or was answered by somebody else.</param>
/// <param name="NotExamples">What was answered, but is no example.</param>
/// <param name="Lesson">What was taught, or null.</param>
/// <param name="Waiting">How much waits now.</param>
sealed record ReviewOutcomeDocument(
    long Turn, IReadOnlyList<long> Answered, int Right, IReadOnlyList<NotAnsweredDocument> NotAnswered, IReadOnlyList<NotAnsweredDocument> NotExamples, LessonDocument? Lesson, int Waiting)
{
    public static ReviewOutcomeDocument Of(ReviewOutcome outcome, int waiting) => new(
        outcome.Turn, [.. outcome.Answers.Select(answer => answer.Id)], outcome.Answers.Count(answer => answer.IsRight == true),
        [.. outcome.NotAnswered.Select(NotAnsweredDocument.Of)], [.. outcome.NotExamples.Select(NotAnsweredDocument.Of)],
        outcome.Lesson is { } lesson ? LessonDocument.Of(lesson) : null, waiting);
}

/// <param name="Code">Why, for programs: `gone`, `nothing-said`, `nothing-expected`, `other-label`, `known`, `blank` or `broken`.</param>
/// <param name="Label">The label of the example that shows the same, if that is why.</param>
sealed record NotAnsweredDocument(long Id, string Code, string Reason, string? Label)
{
    public static NotAnsweredDocument Of(NotAnswered one) => new(one.Id, one.Code, one.Reason, one.Label);
}
