using System.Globalization;
using EdgeShelf.Models;

namespace EdgeShelf.Recognition.Plan;

/// <summary>Reads the fields of one line of a table. It collects every problem with its line and does not stop at the first one.</summary>
sealed class CsvFields(CsvRow row, List<string> problems)
{
    public int Line => row.Line;

    public void Add(string problem) => problems.Add($"line {row.Line}: {problem}");

    /// <summary>Reads a text in the form in which labels are compared. Returns null if it is empty or wrong.</summary>
    public string? Text(string column, int maxLength)
    {
        if (LabelText.Clean(SpreadsheetText.Unguard(row.Find(column) ?? "")) is not { Length: > 0 } text)
            return null;
        if (LabelText.Problem(text, maxLength) is not { } problem)
            return text;
        Add($"{column} \"{DocumentFields.Cut(text)}\" {problem}");
        return null;
    }

    /// <summary>Reads a whole number. Returns null if it is empty or wrong.</summary>
    public int? Integer(string column, int min, int max)
    {
        if (row.Find(column) is not { Length: > 0 } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        Add($"{column} is \"{DocumentFields.Cut(text)}\"; a whole number from {min} to {max} is needed");
        return null;
    }

    /// <summary>Reads a fraction with a decimal point or a decimal comma. Returns null if it is empty or wrong.</summary>
    public double? Number(string column)
    {
        string text = row.Find(column) ?? "";
        string point = text.Count(letter => letter == ',') == 1 && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;
        if (double.TryParse(point, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;
        Add(text.Length == 0 ? $"{column} is empty" : $"{column} is \"{DocumentFields.Cut(text)}\"; a number from 0 to 1 is needed");
        return null;
    }
}
