namespace EdgeShelf.Recognition.Plan;

/// <summary>A document that the device keeps with a number, and of which it keeps the last versions.</summary>
abstract record StoredDocument
{
    /// <summary>The number of this version on this device. It increases by one with each change. 0 means that nothing was ever set.</summary>
    public int Number { get; init; }

    /// <summary>The time of the change, or null if it is not known.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Who made the change: one of <see cref="PlanSource"/>, or null if it is not known.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>What the reader of a table noticed and did not refuse, each as a sentence without its full stop. It is not stored.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Writes the document as UTF-8 JSON.</summary>
    /// <param name="warnings">What is allowed but probably not meant, for the answer to a sender. Null leaves the field out.</param>
    public abstract byte[] ToJson(IReadOnlyList<string>? warnings = null);
}

/// <summary>Who changed a document.</summary>
static class PlanSource
{
    public const string Page = "page";
    public const string Verb = "verb";
    public const string Request = "request";

    /// <summary>The chain, by a desired document.</summary>
    public const string Fleet = "fleet";

    /// <summary>The device itself, when a planogram's time came or a reference picture was taken.</summary>
    public const string Device = "device";
}
