using System.Globalization;
using System.Text;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Exchange;

/// <summary>Writes what was taught to a folder; see <see cref="ProductFolder"/>.</summary>
static class ProductExport
{
    /// <param name="folder">A folder that does not exist yet, or is empty.</param>
    /// <returns>The number of pictures.</returns>
    /// <exception cref="ConfigurationException">The folder is not empty.</exception>
    /// <exception cref="EdgeShelfException">The files cannot be written.</exception>
    public static int Write(ExampleStore store, string folder)
    {
        ExampleState state = store.Now;
        return Write(folder, state.Examples.Select(example => new ExportedPicture(example.Label, example.Slot, example.Id, example.TakenAt, () => store.Crop(example.Id))), state.Products.Values);
    }

    /// <summary>Writes pictures of any origin in the same way.</summary>
    /// <inheritdoc cref="Write(ExampleStore, string)"/>
    public static int Write(string folder, IEnumerable<ExportedPicture> pictures, IEnumerable<Product> products)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new ConfigurationException($"{folder} is there already and is not an empty folder.", "Name a folder that does not exist yet.");
        try
        {
            return WriteTo(folder, pictures, products);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"{folder} cannot be written: {problem.Message}", "Name a folder on a volume that has room and that this user may write to.", problem);
        }
    }

    static int WriteTo(string folder, IEnumerable<ExportedPicture> pictures, IEnumerable<Product> products)
    {
        Directory.CreateDirectory(folder);
        Dictionary<string, string> folders = new(StringComparer.OrdinalIgnoreCase);
        StringBuilder examples = new("path,label,slot,taken_at\n");
        int count = 0;
        foreach (IGrouping<string, ExportedPicture> product in pictures.GroupBy(example => example.Label).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string name = ProductFolder.NameOf(product.Key, folders.ContainsKey);
            folders[name] = product.Key;
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (ExportedPicture example in product)
            {
                // Another process may have removed it since.
                if (example.Jpeg() is not { } crop)
                    continue;
                string file = string.Create(CultureInfo.InvariantCulture, $"{example.Slot ?? "picture"}-{example.Id:000000}.jpg");
                DurableFile.Write(Path.Combine(folder, name, file), crop);
                examples.AppendLine(CultureInfo.InvariantCulture, $"{Csv($"{name}/{file}")},{Csv(example.Label)},{Csv(example.Slot)},{example.TakenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
                count++;
            }
        }
        StringBuilder details = new("label,name,sku,gtin\n");
        foreach (Product product in products)
            details.AppendLine(CultureInfo.InvariantCulture, $"{Csv(product.Label)},{Csv(product.Name)},{Csv(product.Sku)},{Csv(product.Gtin)}");
        DurableFile.Write(Path.Combine(folder, ProductFolder.Products), Encoding.UTF8.GetBytes(details.ToString()));
        // The list comes last: a folder without it was not finished.
        DurableFile.Write(Path.Combine(folder, ProductFolder.Examples), Encoding.UTF8.GetBytes(examples.ToString()));
        return count;
    }

    static string Csv(string? field) => CsvTable.Quote(field ?? "");
}

/// <param name="Slot">The slot that it shows, or null.</param>
/// <param name="Jpeg">Returns the picture as JPEG, or null if it is gone.</param>
sealed record ExportedPicture(string Label, string? Slot, long Id, DateTimeOffset TakenAt, Func<byte[]?> Jpeg);
