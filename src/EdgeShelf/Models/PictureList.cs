namespace EdgeShelf.Models;

/// <summary>A picture file and, where it is known, what it shows.</summary>
/// <param name="Class">Index of the class, or null where the picture has no label.</param>
sealed record ListedPicture(string Path, int? Class);

/// <summary>Pictures for calibration, training or evaluation: a folder, or a list `path,class_id`.</summary>
static class PictureList
{
    static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    /// <summary>All pictures below a folder, without labels, or those of a list; in name or list order.</summary>
    /// <param name="root">What relative paths in a list start from; null: the list's own folder.</param>
    /// <exception cref="ConfigurationException">Nothing there, or a list with a line that makes no sense.</exception>
    public static IReadOnlyList<ListedPicture> ReadAny(string path, string? root)
    {
        if (!Directory.Exists(path))
            return Read(path, root);
        List<ListedPicture> pictures = [.. Files(path).Select(file => new ListedPicture(file, null))];
        return pictures.Count > 0
            ? pictures
            : throw new ConfigurationException($"There is no picture in {path}.", $"Put pictures there ({string.Join(", ", Extensions)}), best 256 to 512 like those the camera takes.");
    }

    /// <summary>The labelled pictures of a list.</summary>
    /// <param name="classes">How many the model knows; null: not checked.</param>
    /// <exception cref="ConfigurationException">No such list, no lines, a file that is missing or a class that the model does not have.</exception>
    public static IReadOnlyList<ListedPicture> Read(string path, string? root, int? classes = null)
    {
        CsvTable table = CsvTable.Read(path, "path", "class_id");
        string start = root ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (table.Rows.Count == 0)
            throw new ConfigurationException($"{path} lists no picture.", "Each line after the first is path,class_id.");
        return [.. table.Rows.Select(row => ToPicture(row, start, classes))];
    }

    public static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
        .Order(StringComparer.Ordinal);

    /// <summary>At most so many, evenly spread over the list, so that every class keeps its share.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> all, int count) =>
        all.Count <= count ? all : [.. Enumerable.Range(0, count).Select(index => all[(int)((long)index * all.Count / count)])];

    static ListedPicture ToPicture(CsvRow row, string root, int? classes)
    {
        string file = Path.Combine(root, row.Find("path")!);
        if (!File.Exists(file))
        {
            throw new ConfigurationException(
                $"{row.Path}, line {row.Line}: there is no picture {file}.", "Paths in a list start from its folder, or from --root.");
        }

        int index = row.Index("class_id");
        return index < (classes ?? int.MaxValue)
            ? new ListedPicture(file, index)
            : throw new ConfigurationException(
                $"{row.Path}, line {row.Line}: class_id is {index}; the model has the classes 0 to {classes - 1}.", "Use the list that belongs to the model's labels.csv.");
    }
}
