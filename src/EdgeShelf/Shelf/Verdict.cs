namespace EdgeShelf.Shelf;

/// <summary>What is in a slot, compared with what belongs there.</summary>
enum Verdict
{
    /// <summary>Nothing is expected here, or the slot could not be judged.</summary>
    Unchecked,

    /// <summary>The expected product is there.</summary>
    Match,

    /// <summary>Another known product is there.</summary>
    Mismatch,

    /// <summary>The place looks as it, or its shelf, was taught to look without goods.</summary>
    Empty,

    /// <summary>Something is there that looks like nothing that was taught.</summary>
    Unknown,

    /// <summary>Something moves or stands before the place, or a change has not come to rest.</summary>
    Covered,
}

/// <summary>The names of verdicts in documents, metrics and on the page.</summary>
static class VerdictNames
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Match => "match",
        Verdict.Mismatch => "mismatch",
        Verdict.Empty => "empty",
        Verdict.Unknown => "unknown",
        Verdict.Covered => "covered",
        Verdict.Unchecked => "unchecked",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "A new verdict needs a name here and in the schemas."),
    };

    /// <exception cref="ArgumentOutOfRangeException">There is no verdict of this name.</exception>
    public static Verdict Parse(string name) => Enum.GetValues<Verdict>().Cast<Verdict?>().FirstOrDefault(verdict => Of(verdict!.Value) == name)
        ?? throw new ArgumentOutOfRangeException(nameof(name), name, "There is no verdict of this name.");
}
