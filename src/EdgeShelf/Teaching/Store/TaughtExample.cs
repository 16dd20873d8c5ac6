using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Teaching.Store;

/// <summary>One example as it is kept, without its crop.</summary>
/// <param name="Id">The id, unique on this device and never used twice.</param>
/// <param name="Label">The product's label, or <see cref="Shelf.Planogram.EmptyLabel"/>.</param>
/// <param name="Slot">The slot in which it was seen, or null if it came from a file.</param>
/// <param name="TakenAt">The time when its picture was taken, in UTC and whole milliseconds.</param>
/// <param name="Source">Who taught it; one of <see cref="ExampleSources"/>.</param>
/// <param name="CropSha256">The SHA-256 of its crop, in lower-case hex.</param>
/// <param name="CropBytes">The size of its crop, in bytes.</param>
/// <param name="Model">The <see cref="Models.LoadedModel.DescriptorSource"/> that made the descriptor, in lower-case hex.</param>
sealed record TaughtExample(
    long Id, string Label, string? Slot, DateTimeOffset TakenAt, string Source, string CropSha256, int CropBytes, string Model, CompactDescriptor Descriptor)
{
    /// <summary>The size that counts against the bound, in bytes.</summary>
    public long Bytes => CropBytes + Descriptor.Length;
}

/// <summary>An example that is about to be kept.</summary>
/// <param name="Crop">The slot's region as JPEG, in its own shape.</param>
sealed record NewExample(
    string Label, string? Slot, DateTimeOffset TakenAt, string Source, ReadOnlyMemory<byte> Crop, string CropSha256, string Model, CompactDescriptor Descriptor);

/// <summary>Who taught an example.</summary>
static class ExampleSources
{
    public const string Page = "page";
    public const string Verb = "verb";
    public const string Request = "request";
    public const string Http = "http";
}
