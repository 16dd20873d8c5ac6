using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making;

/// <summary>A picture file and, where it is known, what it shows.</summary>
/// <param name="Path">Empty where only the picture's features were kept.</param>
/// <param name="Class">Index of the class, or null where the picture has no label.</param>
sealed record ListedPicture(string Path, int? Class)
{
    public bool IsFile => Path.Length > 0;
}

/// <summary>Pictures for calibration, training or evaluation: a folder, or a list `path,class_id` or `path,label`.</summary>
static class PictureList
{
    /// <summary>All pictures below a folder, or those of a list whatever else it says of them; in name or list order, without labels.</summary>
    /// <param name="root">What relative paths in a list start from; null: the list's own folder.</param>
    /// <exception cref="ConfigurationException">Nothing there, or a line that names no picture.</exception>
    public static IReadOnlyList<ListedPicture> ReadAny(string path, string? root)
    {
        if (!Directory.Exists(path))
            return [.. Rows(path).Rows.Select(row => new ListedPicture(FileOf(row, root), null))];
        List<ListedPicture> pictures = [.. Files(path).Select(file => new ListedPicture(file, null))];
        return pictures.Count > 0
            ? pictures
            : throw new ConfigurationException($"There is no picture in {path}. {PassedOver(path)}".TrimEnd(), $"Put pictures there ({string.Join(", ", PictureFormat.Endings)}), best 256 to 512 like those the camera takes.");
    }

    /// <summary>The labelled pictures of a list; where it has both columns, `class_id` counts.</summary>
    /// <param name="labels">What the model knows; null: a `class_id` is not checked and a `label` not understood.</param>
    /// <exception cref="ConfigurationException">No such list, no lines, a file that is missing or a class that the model does not have.</exception>
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

    /// <summary>All pictures below a folder in name order, without those that a system keeps there for itself; see <see cref="PictureTree"/>.</summary>
    public static IEnumerable<string> Files(string folder) => PictureTree.Read(folder).Files;

    /// <summary>One sentence about the pictures of other formats below a folder; null: there are none.</summary>
    public static string? PassedOver(string folder) => PictureFormat.PassedOver(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));

    /// <summary>At most so many, evenly spread over the list, so that every class keeps its share.</summary>
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
