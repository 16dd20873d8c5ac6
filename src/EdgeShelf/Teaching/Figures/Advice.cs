namespace EdgeShelf.Teaching.Figures;

/// <summary>What would help a product, as a code with its values for pages in other languages, and as an English sentence for programs.</summary>
/// <param name="Code">One of <see cref="AdviceCodes"/>.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Missed">The number of judged examples that the others do not recognize, for <see cref="AdviceCodes.NotRecognized"/>.</param>
/// <param name="Judged">The number of judged examples, for <see cref="AdviceCodes.NotRecognized"/>.</param>
/// <param name="LooksLike">The label that most of the missed examples look like, or null.</param>
sealed record Advice(string Code, string Text, int? Missed = null, int? Judged = null, string? LooksLike = null);

/// <summary>The codes of advice. More may be added.</summary>
static class AdviceCodes
{
    public const string NoExample = "no-example";
    public const string NotRecognized = "not-recognized";
    public const string OneExample = "one-example";
    public const string OnePlace = "one-place";
    public const string OneLight = "one-light";
    public const string Enough = "enough";
}
