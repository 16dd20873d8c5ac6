using System.Globalization;
using System.Text;

namespace EdgeShelf.Platform;

/// <summary>
/// Text from outside (topics, file names, a broker's or a camera's words) as data on one line: characters that a terminal, the
/// journal or a reader's eye would obey are shown as codes, and what is too long is cut.
/// </summary>
static class PlainText
{
    /// <summary>Characters of one text from outside; enough to recognize it.</summary>
    public const int MaxLength = 200;

    /// <summary>`\xNN` for control characters, `\uNNNN` for the others that are not shown as they are.</summary>
    public static string Shown(string? text, int maxLength = MaxLength)
    {
        if (text is null)
            return "";
        bool isCut = text.Length > maxLength;
        string kept = isCut ? text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] : text;
        if (!isCut && !kept.Any(IsObeyed))
            return text;
        StringBuilder shown = new(kept.Length + 16);
        foreach (char letter in kept)
            Append(shown, letter);
        return isCut ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>Whether a character does something instead of being seen: controls, line separators, and marks that turn the direction of a text.</summary>
    public static bool IsObeyed(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || letter is '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    public static void Append(StringBuilder shown, char letter)
    {
        if (!IsObeyed(letter))
            shown.Append(letter);
        else if (letter <= 0xFF)
            shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:X2}");
        else
            shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
    }
}
