using System.Runtime.CompilerServices;

namespace EdgeShelf.Tests.Support;

/// <summary>The source tree that the tests were built from.</summary>
static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The grocery pictures, or null where they are not laid out: `EDGESHELF_DATASET`, else beside the checkout.</summary>
    public static string? GroceryPictures { get; } = new[]
    {
        Environment.GetEnvironmentVariable("EDGESHELF_DATASET"), Path.Combine(Root, "..", "shared", "datasets", "grocery-store"),
    }.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, "classes.csv")));

    /// <summary>The pictures of real shelves, or null where they are not laid out: `EDGESHELF_SHELVES`, else beside the checkout.</summary>
    public static string? ShelfPictures { get; } = new[]
    {
        Environment.GetEnvironmentVariable("EDGESHELF_SHELVES"), Path.Combine(Root, "..", "shared", "datasets", "shelves"),
    }.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, "bags", "slots.csv")));

    static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
