using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Review;

/// <summary>What somebody answers to some of the entries.</summary>
/// <param name="Ids">The ids of the entries.</param>
/// <param name="Answer">One of <see cref="ReviewAnswers"/>.</param>
/// <param name="Source">One of <see cref="Store.ExampleSources"/>.</param>
sealed record ReviewRequest(IReadOnlyList<long> Ids, string Answer, string Source)
{
    /// <summary>What it is, for <see cref="ReviewAnswers.Correct"/>, or null.</summary>
    public string? Label { get; init; }

    /// <summary>Whether each is what was expected in its place, instead of a label.</summary>
    public bool Expected { get; init; }

    /// <summary>The name, SKU and GTIN of a new product, or null to leave them as they are.</summary>
    public Product? Product { get; init; }

    /// <summary>Whether to teach even if something gets worse.</summary>
    public bool Confirm { get; init; }

    /// <summary>Whether an example of another label that shows the same gets this label.</summary>
    public bool Move { get; init; }
}

/// <summary>An entry that waits still, and why.</summary>
/// <param name="Code">`gone`, `nothing-said`, `nothing-expected`, or the code of a <see cref="NotTaught"/>.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Label">The label of the example that shows the same, if that is why.</param>
sealed record NotAnswered(long Id, string Code, string Reason, string? Label = null)
{
    public const string Gone = "gone";
    public const string NothingSaid = "nothing-said";
}

/// <summary>What came of the answers.</summary>
/// <param name="Turn">The number that takes them back.</param>
/// <param name="Answers">What was noted.</param>
/// <param name="NotAnswered">The entries that wait still, or are gone.</param>
/// <param name="NotExamples">The entries that were answered, but whose crop is no example.</param>
/// <param name="Lesson">What was taught, or null.</param>
sealed record ReviewOutcome(long Turn, IReadOnlyList<ReviewAnswer> Answers, IReadOnlyList<NotAnswered> NotAnswered, IReadOnlyList<NotAnswered> NotExamples, LessonResult? Lesson);
