using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Exchange;

/// <summary>
/// Reads pictures by product from a folder: an exported one (<see cref="ProductFolder"/>), or one with a folder of pictures for each product.
/// What cannot be taken is listed, and the rest is taken.
/// </summary>
/// <param name="Crops">The pictures that can be decoded, each as it is kept.</param>
/// <param name="Products">The names and numbers of products.</param>
/// <param name="NotTaken">What cannot be taken, with the reason.</param>
sealed record ProductImport(IReadOnlyList<Crop> Crops, IReadOnlyList<Product> Products, IReadOnlyList<NotTaught> NotTaken)
{
    /// <summary>The maximum size of one picture, in bytes.</summary>
    const int MaxPictureBytes = 20_000_000;

    static readonly Region Whole = new(0, 0, 1, 1);

    /// <param name="maxPictures">The maximum number of pictures, because all are held in memory until they are written together.</param>
    /// <exception cref="ConfigurationException">There is no such folder, it has no pictures or too many, or its list is no table.</exception>
    public static ProductImport Read(string folder, int maxPictures)
    {
        if (!Directory.Exists(folder))
            throw new ConfigurationException($"There is no folder {folder}.", "Name a folder that `edgeshelf product export` wrote, or one with a folder of pictures for each product.");
        List<NotTaught> notTaken = [];
        Listed[] listed = [.. File.Exists(Path.Combine(folder, ProductFolder.Examples)) ? FromList(folder, notTaken) : FromFolders(folder, notTaken)];
        if (listed.Length == 0 && notTaken.Count == 0)
            throw new ConfigurationException($"There is no picture of a product in {folder}.", $"Put the pictures of each product ({string.Join(", ", PictureFormat.Endings)}) into a folder of its own, named by its label.");
        if (listed.Length > maxPictures)
            throw new ConfigurationException($"{folder} has {listed.Length} pictures; at most {maxPictures} examples are kept.", "Leave some out, or raise Teaching:MaxExamples.");
        List<Crop> crops = [];
        foreach (Listed picture in listed)
        {
            if (ReadCrop(picture, notTaken) is { } crop)
                crops.Add(crop);
        }
        return new ProductImport(crops, [.. ReadProducts(folder, notTaken)], notTaken);
    }

    /// <summary>Reads a picture file as a crop. A small JPEG stays as it is, bit by bit; another picture is reduced and encoded anew.</summary>
    /// <exception cref="PictureException">The file cannot be read or is not a picture.</exception>
    public static byte[] ReadJpeg(string path)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path, MaxPictureBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PictureException("unreadable", problem.Message, "Check the name and the rights.");
        }
        using Picture picture = PictureDecoder.Decode(bytes);
        bool isJpeg = bytes is [0xFF, 0xD8, ..];
        bool isSmall = Math.Max(picture.FullSize.Width, picture.FullSize.Height) <= RegionJpeg.MaxSide;
        // Exif data says how to turn the picture and where it was taken, and neither belongs to an example.
        return isJpeg && isSmall && bytes.AsSpan().IndexOf("Exif\0\0"u8) < 0 ? bytes : RegionJpeg.Of(picture, Whole);
    }

    static Crop? ReadCrop(Listed picture, List<NotTaught> notTaken)
    {
        try
        {
            return new Crop(picture.Label, picture.Slot, picture.Name, picture.TakenAt ?? File.GetLastWriteTimeUtc(picture.Path), ReadJpeg(picture.Path));
        }
        catch (PictureException problem)
        {
            notTaken.Add(new NotTaught(picture.Name, NotTaught.Broken, problem.Message));
            return null;
        }
    }

    static IEnumerable<Listed> FromList(string folder, List<NotTaught> notTaken)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        foreach (CsvRow row in CsvTable.Read(Path.Combine(folder, ProductFolder.Examples), "path", "label").Rows)
        {
            string name = row.Find("path") ?? "";
            string path = Path.GetFullPath(Path.Combine(root, name));
            if (!TryRead(() => (ProductText.Label(row.Find("label")), ProductText.Slot(row.Find("slot") is { Length: > 0 } given ? given : null)), name, notTaken, out (string Label, string? Slot) what))
                continue;
            if (!path.StartsWith(root, StringComparison.Ordinal))
                notTaken.Add(new NotTaught(name, NotTaught.Broken, "The path leads out of the folder."));
            else
                yield return new Listed(path, name, what.Label, what.Slot, TimeOf(row));
        }
    }

    static IEnumerable<Listed> FromFolders(string folder, List<NotTaught> notTaken)
    {
        foreach (string path in PictureTree.Read(folder).Files)
        {
            string name = Path.GetRelativePath(folder, path);
            if (name.Split(Path.DirectorySeparatorChar) is not [var first, _, ..])
                notTaken.Add(new NotTaught(name, NotTaught.Broken, "It is in no product's folder, so it has no label."));
            else if (TryRead(() => ProductText.Label(first), name, notTaken, out var label))
                yield return new Listed(path, name, label, null, null);
        }
    }

    static IEnumerable<Product> ReadProducts(string folder, List<NotTaught> notTaken)
    {
        string path = Path.Combine(folder, ProductFolder.Products);
        if (!File.Exists(path))
            yield break;
        foreach (CsvRow row in CsvTable.Read(path, "label").Rows)
        {
            if (TryRead(() => ProductText.Product(row.Find("label") ?? "", row.Find("name"), row.Find("sku"), row.Find("gtin")), $"{ProductFolder.Products}, line {row.Line}", notTaken, out var product))
                yield return product;
        }
    }

    static bool TryRead<T>(Func<T> read, string name, List<NotTaught> notTaken, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (TeachingException problem)
        {
            notTaken.Add(new NotTaught(name, NotTaught.Broken, problem.Message));
            value = default;
            return false;
        }
    }

    static DateTimeOffset? TimeOf(CsvRow row) =>
        DateTimeOffset.TryParse(row.Find("taken_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;

    sealed record Listed(string Path, string Name, string Label, string? Slot, DateTimeOffset? TakenAt);
}
