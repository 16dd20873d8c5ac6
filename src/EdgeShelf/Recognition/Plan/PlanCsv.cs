using System.Globalization;
using System.Text;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>How the two tables are read from and written to CSV. <see cref="CsvTable"/> says which forms are read.</summary>
static class PlanCsv
{
    /// <summary>Reads a table. A problem of the file as a whole becomes the only problem of the document.</summary>
    /// <param name="file">The name of the file, for messages.</param>
    /// <exception cref="PlanProblemsException">The text is not a table with these columns.</exception>
    public static CsvTable Read(byte[] bytes, string file, string code, params string[] required)
    {
        try
        {
            return CsvTable.Parse(TextFile.Decode(bytes, file), file, required);
        }
        catch (ConfigurationException problem)
        {
            throw new PlanProblemsException(code, [$"{problem.Message.TrimEnd('.')} ({problem.Hint.TrimEnd('.')})"], problem);
        }
    }

    /// <summary>Tells which columns are not used, as a warning; no items if all are.</summary>
    public static IEnumerable<string> Ignored(CsvTable table, params string[] known)
    {
        string[] others = [.. table.Columns.Where(column => column.Length > 0).Except(known).Select(DocumentFields.Cut)];
        if (others.Length > 0)
            yield return $"the columns {string.Join(", ", others)} are not used; known are {string.Join(", ", known)}";
    }

    /// <param name="forSpreadsheet">
    /// False: RFC 4180 with commas, as programs read it. True: with a byte order mark, semicolons, decimal commas and CRLF, as a spreadsheet of a
    /// country with decimal commas opens it with a double click.
    /// </param>
    public static byte[] Write(bool forSpreadsheet, IEnumerable<string[]> rows)
    {
        (char separator, string end) = forSpreadsheet ? (';', "\r\n") : (',', "\n");
        StringBuilder text = new(forSpreadsheet ? "\uFEFF" : "");
        foreach (string[] row in rows)
            text.AppendJoin(separator, row.Select(field => Quote(SpreadsheetText.Guard(field), separator))).Append(end);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A decimal comma between semicolons stays without quotes, so that every spreadsheet takes it for a number.</summary>
    static string Quote(string field, char separator) =>
        field.AsSpan().ContainsAny(separator, '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    public static string Number(double value, bool forSpreadsheet)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return forSpreadsheet ? text.Replace('.', ',') : text;
    }

    public static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
