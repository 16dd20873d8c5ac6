using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A table with a header line, the format of lists and labels. It is read as RFC 4180 or as Excel writes it (semicolons or tabs, `sep=`, CRLF, a byte order mark).</summary>
/// <param name="Path">Path of the file, for messages.</param>
/// <param name="Columns">Column names from the header.</param>
/// <param name="Rows">The rows, each with the number of its first line, counted from 1.</param>
sealed record CsvTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<CsvRow> Rows)
{
    /// <exception cref="ConfigurationException">The file does not exist or is not text, a required column is missing, or a line has too few or too many fields.</exception>
    public static CsvTable Read(string path, params ReadOnlySpan<string> required)
    {
        if (!File.Exists(path))
            throw new ConfigurationException($"There is no file {path}.", $"Name a CSV file with the columns {Expected(required)}.");
        return Parse(TextFile.Read(path), path, required);
    }

    /// <param name="path">The path or another name of the text, for messages.</param>
    /// <exception cref="ConfigurationException">A required column is missing, or a line has too few or too many fields.</exception>
    public static CsvTable Parse(string text, string path, params ReadOnlySpan<string> required)
    {
        string expected = Expected(required);
        List<(int Line, string[] Fields)> records = [.. CsvRecords.Read(text, path).Where(record => record.Fields is not [var only] || only.Trim().Length > 0)];
        if (records.Count == 0)
            throw new ConfigurationException($"{path} is empty.", $"Its first line names the columns: {expected}.");
        string[] columns = [.. records[0].Fields.Select(name => name.Trim().ToLowerInvariant())];
        string header = LabelText.Show(string.Join(",", columns));
        foreach (string name in required)
        {
            if (!columns.Contains(name))
                throw new ConfigurationException($"{path} has the columns {header}; {expected} are needed.", $"Name the columns in the first line: {expected}.");
        }

        if (columns.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
            throw new ConfigurationException($"{path} has the column {LabelText.Show(twice)} twice.", "Give each column a name of its own.");
        List<CsvRow> rows = [];
        foreach ((int line, string[] fields) in records.Skip(1))
        {
            if (fields.Length != columns.Length)
            {
                throw new ConfigurationException(
                    $"{path}, line {line} has {fields.Length} fields; the header has {columns.Length}.", "Put a field that holds the separator in double quotes.");
            }

            // Spreadsheets write an emptied row as separators only.
            if (fields.Any(field => field.Trim().Length > 0))
                rows.Add(new CsvRow(path, line, columns, fields));
        }

        return new CsvTable(path, columns, rows);
    }

    static string Expected(ReadOnlySpan<string> required) => required.Length > 0 ? string.Join(",", required!) : "index,label,name,sku";

    public static string Quote(string field) => field.AsSpan().ContainsAny(",;\"\t") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}

/// <summary>One line of a <see cref="CsvTable"/>.</summary>
sealed record CsvRow(string Path, int Line, IReadOnlyList<string> Columns, IReadOnlyList<string> Fields)
{
    /// <summary>Returns the field in a column, or null if the file does not have the column.</summary>
    public string? Find(string column)
    {
        int index = Columns.ToList().IndexOf(column);
        return index < 0 ? null : Fields[index].Trim();
    }

    /// <summary>Returns the field as <see cref="Find"/> does, in the form in which labels are compared and sent, or null if the field is empty.</summary>
    /// <exception cref="ConfigurationException">The field contains a control character, or was damaged by an earlier change of encoding.</exception>
    public string? Text(string column)
    {
        string? text = Find(column) is { } field ? LabelText.Clean(field) : null;
        if (text is null or "")
            return null;
        return LabelText.Problem(text) is not { } problem
            ? text
            : throw new ConfigurationException($"{Path}, line {Line}: the {column} \"{LabelText.Show(text)}\" {problem}.", "Type it again, on one line.");
    }

    /// <exception cref="ConfigurationException">The field is not a whole number of 0 or more.</exception>
    public int Index(string column) => int.TryParse(Find(column), out int value) && value >= 0
        ? value
        : throw new ConfigurationException($"{Path}, line {Line}: {column} is \"{LabelText.Show(Find(column) ?? "")}\"; a whole number from 0 up is needed.", "Correct the line.");
}
