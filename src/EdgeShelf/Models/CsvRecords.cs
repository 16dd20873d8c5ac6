using System.Text;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Splits a CSV text into records and fields.</summary>
static class CsvRecords
{
    static readonly char[] Separators = [',', ';', '\t'];

    /// <returns>Each record with the number of its first line, from 1; a blank line is a record of one empty field.</returns>
    /// <exception cref="ConfigurationException">A quotation mark is never closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(string text, string path)
    {
        int at = 0;
        int line = 1;
        char separator;
        if (text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 4)
        {
            separator = text[4];
            int end = text.IndexOf('\n', StringComparison.Ordinal);
            (at, line) = (end < 0 ? text.Length : end + 1, 2);
        }
        else
        {
            separator = FindSeparator(text);
        }

        while (at < text.Length)
        {
            int first = line;
            string[] fields = ReadRecord(text, path, separator, ref at, ref line);
            yield return (first, fields);
        }
    }

    /// <summary>Returns the separator that occurs most often in the header. Spreadsheets choose one that the locale does not use in numbers.</summary>
    static char FindSeparator(string text)
    {
        int end = text.IndexOfAny(['\r', '\n']);
        ReadOnlySpan<char> header = end < 0 ? text : text.AsSpan(0, end);
        char best = Separators[0];
        int most = 0;
        foreach (char separator in Separators)
        {
            int count = header.Count(separator);
            if (count > most)
                (best, most) = (separator, count);
        }

        return best;
    }

    static string[] ReadRecord(string text, string path, char separator, ref int at, ref int line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        int? quotedSince = null;
        for (; at < text.Length; at++)
        {
            char letter = text[at];
            if (quotedSince is null && letter is '\r' or '\n')
                break;
            if (letter == '\n')
                line++;
            if (letter == '"' && quotedSince is not null && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[++at]);
            else if (letter == '"')
                quotedSince = quotedSince is null ? line : null;
            else if (letter == separator && quotedSince is null)
                Take(field, fields);
            else
                field.Append(letter);
        }

        if (quotedSince is { } opened)
            throw new ConfigurationException($"{path}, line {opened}: a quotation mark is never closed.", "Close it, or write it twice where it belongs to the text.");
        if (at < text.Length && text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n')
            at++;
        at++;
        line++;
        Take(field, fields);
        return [.. fields];
    }

    static void Take(StringBuilder field, List<string> fields)
    {
        fields.Add(field.ToString());
        field.Clear();
    }
}
