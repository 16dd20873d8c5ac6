namespace EdgeShelf.Shelf;

/// <summary>
/// Where the places of the bay are: named rectangles, and the picture on which they were drawn. Without slots the whole picture is one
/// place, `shelf`.
/// </summary>
/// <param name="Version">A number that increases by one with each change on this device. 0 means that no slots were ever set.</param>
/// <param name="Slots">The places, in the order in which they were given.</param>
/// <param name="Reference">The picture on which the slots were drawn. Null means that the next usable picture becomes the reference.</param>
sealed record SlotMap(int Version, IReadOnlyList<Slot> Slots, ReferencePicture? Reference)
{
    /// <summary>
    /// The maximum number of slots. 200 crops of the shipped network's input take 39 MB when they are compared, and an inference of
    /// all takes 143 thousand million instructions on a Cortex-A72; a bay of a supermarket has 30 to 120 facings.
    /// </summary>
    public const int MaxSlots = 200;

    public static SlotMap None { get; } = new(0, [], null);

    public bool IsEmpty => Slots.Count == 0;
}

/// <summary>One place.</summary>
/// <param name="Name">The name, unique in the bay: 1 to 32 letters, digits, `-`, `_` or `.`.</param>
/// <param name="Shelf">The number of the shelf board, from 1 at the top, or null.</param>
sealed record Slot(string Name, int? Shelf, Region Region);

/// <summary>The picture on which slots were drawn.</summary>
/// <param name="Sha256">The SHA-256 of the stored file, in lower-case hex. It is also the file's name.</param>
/// <param name="Width">The width in pixels of the upright picture.</param>
/// <param name="Height">The height in pixels of the upright picture.</param>
sealed record ReferencePicture(string Sha256, int Width, int Height, DateTimeOffset TakenAt);
