using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making;

/// <summary>A picture file and, if known, the class of the product it shows.</summary>
/// <param name="Path">Path of the file; empty if only the picture's features were kept.</param>
/// <param name="Class">Index of the class, or null if the picture has no label.</param>
sealed record ListedPicture(string Path, int? Class)
{
    public bool IsFile => Path.Length > 0;
}

/// <summary>Reads pictures for calibration, training or evaluation from a folder, or from a list `path,class_id` or `path,label`.</summary>
static class PictureList
{
    /// <summary>Returns all pictures below a folder, or all pictures of a list regardless of its other columns. They are in name or list order, without labels.</summary>
    /// <param name="root">Folder that relative paths in a list start from; null for the list's own folder.</param>
    /// <exception cref="ConfigurationException">There are no pictures, or a line does not name a picture.</exception>
    public static IReadOnlyList<ListedPicture> ReadAny(string path, string? root)
    {
        if (!Directory.Exists(path))
            return [.. Rows(path).Rows.Select(row => new ListedPicture(FileOf(row, root), null))];
        List<ListedPicture> pictures = [.. Files(path).Select(file => new ListedPicture(file, null))];
        return pictures.Count > 0
            ? pictures
            : throw new ConfigurationException($"There is no picture in {path}. {PassedOver(path)}".TrimEnd(), $"Put pictures there ({string.Join(", ", PictureFormat.Endings)}), best 256 to 512 like those the camera takes.");
    }

    /// <summary>Returns the labelled pictures of a list. If the list has both columns, `class_id` is used.</summary>
    /// <param name="labels">Classes that the model knows. If null, a `class_id` is not checked and a `label` cannot be used.</param>
    /// <exception cref="ConfigurationException">The list does not exist or has no lines, a file is missing, or the model does not have a class.</exception>
    public static IReadOnlyList<ListedPicture> Read(string path, string? root, IReadOnlyList<ClassLabel>? labels)
    {
        CsvTable table = Rows(path);
        if (table.Columns.Contains("class_id"))
            return [.. table.Rows.Select(row => new ListedPicture(FileOf(row, root), ClassOf(row, labels?.Count)))];
        if (!table.Columns.Contains("label"))
        {
            throw new ConfigurationException(
                $"{path} has the columns {LabelText.Show(string.Join(",", table.Columns))}; path,class_id or path,label are needed.", "Name the columns in the first line.");
        }

        if (labels is null)
            throw new ConfigurationException($"{path} names classes by label, and the network's labels are not known.", "Give the network's labels.csv as --labels.");
        Dictionary<string, int> indices = labels.ToDictionary(entry => entry.Label, entry => entry.Index);
        return [.. table.Rows.Select(row => new ListedPicture(FileOf(row, root), ClassOf(row, indices)))];
    }

    /// <summary>Returns all pictures below a folder in name order, except those that a system keeps there for its own use; see <see cref="PictureTree"/>.</summary>
    public static IEnumerable<string> Files(string folder) => PictureTree.Read(folder).Files;

    /// <summary>Returns one sentence about the pictures of other formats below a folder; null if there are none.</summary>
    public static string? PassedOver(string folder) => PictureFormat.PassedOver(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));

    /// <summary>Returns at most the given number of items, evenly spread over the list, so that every class keeps its share.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> all, int count) =>
        all.Count <= count ? all : [.. Enumerable.Range(0, count).Select(index => all[(int)((long)index * all.Count / count)])];

    static CsvTable Rows(string path)
    {
        CsvTable table = CsvTable.Read(path, "path");
        return table.Rows.Count > 0
            ? table
            : throw new ConfigurationException($"{path} lists no picture.", "Each line after the first is path,class_id or path,label.");
    }

    static string FileOf(CsvRow row, string? root)
    {
        string file = Path.Combine(root ?? Path.GetDirectoryName(Path.GetFullPath(row.Path))!, row.Find("path")!);
        return File.Exists(file)
            ? file
            : throw new ConfigurationException($"{row.Path}, line {row.Line}: there is no picture {LabelText.Show(file)}.", "Paths in a list start from its folder, or from --root.");
    }

    static int ClassOf(CsvRow row, int? classes)
    {
        int index = row.Index("class_id");
        return index < (classes ?? int.MaxValue)
            ? index
            : throw new ConfigurationException(
                $"{row.Path}, line {row.Line}: class_id is {index}; the model has the classes 0 to {classes - 1}.", "Use the list that belongs to the model's labels.csv.");
    }

    static int ClassOf(CsvRow row, Dictionary<string, int> indices) => indices.TryGetValue(row.Text("label") ?? "", out int index)
        ? index
        : throw new ConfigurationException(
            $"{row.Path}, line {row.Line}: the model has no label \"{row.Text("label")}\".", "Use the list that belongs to the model's labels.csv.");
}
