using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>A document was refused as a whole. What was in force before stays.</summary>
sealed class PlanProblemsException : EdgeShelfException
{
    public const string BadSlots = "bad-slots";
    public const string BadPlanogram = "bad-planogram";

    /// <summary>The maximum number of problems that are listed. An answer with more would not be read, and would not fit in a message.</summary>
    public const int MaxListed = 50;

    /// <param name="code"><see cref="BadSlots"/> or <see cref="BadPlanogram"/>.</param>
    /// <param name="problems">Each problem as a sentence without its full stop. There is at least one.</param>
    public PlanProblemsException(string code, IReadOnlyList<string> problems, Exception? inner = null)
        : base(
            $"The {(code == BadSlots ? "slots were" : "planogram was")} refused because of {(problems.Count == 1 ? "a problem" : $"{problems.Count} problems")}: {string.Join("; ", Listed(problems))}.",
            "Fix the document and send it again. What was in force before is still in force.", inner) =>
        (Code, Problems) = (code, Listed(problems));

    public override string Code { get; }

    /// <summary>Each problem as a sentence without its full stop; the last one counts those that are not listed.</summary>
    public IReadOnlyList<string> Problems { get; }

    static string[] Listed(IReadOnlyList<string> problems) =>
        problems.Count <= MaxListed ? [.. problems] : [.. problems.Take(MaxListed), $"{problems.Count - MaxListed} more"];
}
