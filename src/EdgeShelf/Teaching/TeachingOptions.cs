using Microsoft.Extensions.Options;

namespace EdgeShelf.Teaching;

/// <summary>The `Teaching` section: how many examples are kept, and how many questions wait.</summary>
sealed class TeachingOptions
{
    public const string Section = "Teaching";

    /// <summary>
    /// The maximum number of examples of a product. Beyond it the most redundant one is dropped, but never the last one of a place, so a
    /// product that was taught in more places keeps one example of each.
    /// </summary>
    public int MaxPerProduct { get; set; } = 24;

    /// <summary>The maximum number of examples of all products together. A set of 1000 takes 2 MB of memory, and 8 MB more while slots are compared with it.</summary>
    public int MaxExamples { get; set; } = 1000;

    /// <summary>The maximum size of all pictures and descriptors of examples, in bytes. What can be taken back needs up to a quarter more.</summary>
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>The maximum number of questions that wait in the review queue. 0 turns the queue off: nothing is kept and nothing is asked.</summary>
    public int MaxReviews { get; set; } = 200;

    /// <summary>The maximum size of the crops and descriptors that wait in the review queue, in bytes. What was answered takes up to a quarter more.</summary>
    public long MaxReviewBytes { get; set; } = 16L << 20;
}

sealed class TeachingOptionsValidator : IValidateOptions<TeachingOptions>
{
    public ValidateOptionsResult Validate(string? name, TeachingOptions options)
    {
        List<string> problems = [];
        if (options.MaxPerProduct is < 1 or > 1000)
            problems.Add($"Teaching:MaxPerProduct is {options.MaxPerProduct}; allowed are 1 to 1000");
        if (options.MaxExamples is < 1 or > 20_000)
            problems.Add($"Teaching:MaxExamples is {options.MaxExamples}; allowed are 1 to 20000");
        if (options.MaxBytes is < 1L << 20 or > 1L << 34)
            problems.Add($"Teaching:MaxBytes is {options.MaxBytes}; allowed are {1L << 20} to {1L << 34}");
        if (options.MaxReviews is < 0 or > 1000)
            problems.Add($"Teaching:MaxReviews is {options.MaxReviews}; allowed are 0 to 1000, and 0 turns the review queue off");
        if (options.MaxReviewBytes is < 1L << 20 or > 1L << 30)
            problems.Add($"Teaching:MaxReviewBytes is {options.MaxReviewBytes}; allowed are {1L << 20} to {1L << 30}");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
