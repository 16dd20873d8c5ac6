using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>`labels.csv`: the classes in the order of the logits.</summary>
static class LabelsFile
{
    /// <summary>Reads `index,label,name,sku`, or a data set's `id,name`; each label and each index must occur once, and indices start at 0 without a gap.</summary>
    /// <exception cref="ConfigurationException">A column is missing, an index is missing or repeated, or a label is empty or repeated.</exception>
    public static IReadOnlyList<ClassLabel> Read(string path)
    {
        CsvTable table = CsvTable.Read(path);
        string index = table.Columns.Contains("index") ? "index" : "id";
        string label = table.Columns.Contains("label") ? "label" : "name";
        if (!table.Columns.Contains(index) || !table.Columns.Contains(label))
        {
            throw new ConfigurationException(
                $"{path} has the columns {LabelText.Show(string.Join(",", table.Columns))}; index,label,name,sku are needed.", "The first line names the columns: index,label,name,sku.");
        }

        List<ClassLabel> labels = [.. table.Rows.Select(row => ToLabel(row, index, label)).OrderBy(entry => entry.Index)];
        for (int expected = 0; expected < labels.Count; expected++)
        {
            if (labels[expected].Index != expected)
            {
                throw new ConfigurationException(
                    $"{path}: index {(labels[expected].Index > expected ? $"{expected} is missing" : $"{labels[expected].Index} is there twice")}.",
                    "Each class of the network has one line, counted from 0.");
            }
        }

        string? twice = labels.GroupBy(entry => entry.Label).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ConfigurationException($"{path}: the label \"{twice}\" is there twice.", "Give each class a label of its own.");
        return labels;
    }

    public static void Write(IEnumerable<ClassLabel> labels, string path) => File.WriteAllText(path, string.Concat(labels
        .Select(entry => $"{entry.Index},{CsvTable.Quote(entry.Label)},{CsvTable.Quote(entry.Name)},{CsvTable.Quote(entry.Sku ?? "")}\n")
        .Prepend("index,label,name,sku\n")));

    static ClassLabel ToLabel(CsvRow row, string index, string labelColumn)
    {
        string label = row.Text(labelColumn)
            ?? throw new ConfigurationException($"{row.Path}, line {row.Line}: the label is empty.", "Give each class a label.");
        string name = row.Text("name") is { } given && labelColumn != "name" ? given : label.Replace('-', ' ');
        return new ClassLabel(row.Index(index), label, name, row.Text("sku"));
    }
}
