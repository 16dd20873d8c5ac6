using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Figures;

/// <summary>How well one product is taught.</summary>
/// <param name="Label">The product's label, or <see cref="Planogram.EmptyLabel"/>.</param>
/// <param name="Examples">The ids of its examples, oldest first.</param>
/// <param name="Places">The number of slots that its examples show.</param>
/// <param name="Judged">The number of its examples that others of it can judge; see <see cref="LeaveOneOut"/>.</param>
/// <param name="Right">The number of those that are recognized.</param>
/// <param name="TakenFor">What the others were taken for, most often first.</param>
/// <param name="IsEnough">Whether nothing is missing that is known to help.</param>
/// <param name="Advice">What would help, the most useful first.</param>
/// <param name="Suspects">Examples that look like another label and not like their own.</param>
/// <param name="Duplicates">Pairs of examples that show the same.</param>
/// <param name="SameAs">Labels that may be the same product under another name.</param>
sealed record ProductFigures(
    string Label, IReadOnlyList<long> Examples, int Places, int Judged, int Right, IReadOnlyList<TakenFor> TakenFor, bool IsEnough, IReadOnlyList<Advice> Advice,
    IReadOnlyList<Suspect> Suspects, IReadOnlyList<(long Older, long Newer)> Duplicates, IReadOnlyList<SameProduct> SameAs);

/// <param name="Label">A label, or null for "nothing known".</param>
readonly record struct TakenFor(string? Label, int Times);

/// <summary>An example that is probably under the wrong label.</summary>
readonly record struct Suspect(long Id, string LooksLike);

/// <summary>Another label that may be the same product.</summary>
/// <param name="Code">Why: one of <see cref="SameProductCodes"/>.</param>
/// <param name="Reason">Why, as a sentence.</param>
readonly record struct SameProduct(string Label, string Code, string Reason);
