using System.Text;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A comma-separated file with a header line (RFC 4180 without line breaks inside a field), as lists and labels are kept.</summary>
/// <param name="Path">For messages.</param>
/// <param name="Columns">The header.</param>
/// <param name="Rows">Each with its line number, from 1.</param>
sealed record CsvTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<CsvRow> Rows)
{
    /// <exception cref="ConfigurationException">No such file, no text, a required column missing, or a line with too few or too many fields.</exception>
    public static CsvTable Read(string path, params ReadOnlySpan<string> required)
    {
        string expected = string.Join(",", required!);
        if (!File.Exists(path))
            throw new ConfigurationException($"There is no file {path}.", $"Name a CSV file with the columns {expected}.");

        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0)
            throw new ConfigurationException($"{path} is empty.", $"Its first line names the columns: {expected}.");
        string[] columns = [.. Split(lines[0].TrimStart('\uFEFF')).Select(name => name.Trim().ToLowerInvariant())];
        foreach (string name in required)
        {
            if (!columns.Contains(name))
                throw new ConfigurationException($"{path} has the columns {string.Join(",", columns)}; {expected} are needed.", $"Name the columns in the first line: {expected}.");
        }

        List<CsvRow> rows = [];
        for (int line = 1; line < lines.Length; line++)
        {
            if (string.IsNullOrWhiteSpace(lines[line]))
                continue;
            string[] fields = Split(lines[line]);
            if (fields.Length != columns.Length)
            {
                throw new ConfigurationException(
                    $"{path}, line {line + 1} has {fields.Length} fields; the header has {columns.Length}.", "Put a field that holds a comma in double quotes.");
            }

            rows.Add(new CsvRow(path, line + 1, columns, fields));
        }

        return new CsvTable(path, columns, rows);
    }

    public static string Quote(string field) => field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    static string[] Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int at = 0; at < line.Length; at++)
        {
            char letter = line[at];
            if (letter == '"' && quoted && at + 1 < line.Length && line[at + 1] == '"')
                field.Append(line[++at]);
            else if (letter == '"')
                quoted = !quoted;
            else if (letter == ',' && !quoted)
                Take();
            else
                field.Append(letter);
        }

        Take();
        return [.. fields];

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}

/// <summary>One line of a <see cref="CsvTable"/>.</summary>
sealed record CsvRow(string Path, int Line, IReadOnlyList<string> Columns, IReadOnlyList<string> Fields)
{
    /// <summary>The field under a column, or null where the file has no such column.</summary>
    public string? Find(string column)
    {
        int index = Columns.ToList().IndexOf(column);
        return index < 0 ? null : Fields[index].Trim();
    }

    /// <exception cref="ConfigurationException">The field is no whole number from 0 up.</exception>
    public int Index(string column) => int.TryParse(Find(column), out int value) && value >= 0
        ? value
        : throw new ConfigurationException($"{Path}, line {Line}: {column} is \"{Find(column)}\"; a whole number from 0 up is needed.", "Correct the line.");
}
