using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching;

/// <summary>Something cannot be taught, or examples could not be read or written. Nothing was changed.</summary>
/// <param name="code">One of the constants.</param>
sealed class TeachingException(string code, string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    /// <summary>The examples could not be read or written.</summary>
    public const string ExamplesNotKept = "examples-not-kept";

    /// <summary>The review queue could not be read or written.</summary>
    public const string ReviewNotKept = "review-not-kept";

    /// <summary>The bounds allow no further example.</summary>
    public const string Full = "examples-full";

    /// <summary>There is no such example, product, slot or step.</summary>
    public const string NotFound = "not-found";

    /// <summary>A label, name, SKU or GTIN is not allowed.</summary>
    public const string BadProduct = "bad-product";

    /// <summary>The last picture does not show the shelf clearly, or there is none.</summary>
    public const string NoView = "no-view";

    /// <summary>None of the crops can be an example.</summary>
    public const string NothingTaught = "nothing-taught";

    /// <summary>The change would make the device worse and was not confirmed.</summary>
    public const string MakesWorse = "makes-worse";

    /// <summary>The request is not understood.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>Somebody else made a change in the meantime.</summary>
    public const string Conflict = "conflict";

    public override string Code { get; } = code;

    /// <summary>The crops that did not become examples, each with its reason.</summary>
    public IReadOnlyList<NotTaught> NotTaught { get; init; } = [];
}
