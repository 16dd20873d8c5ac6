using EdgeShelf.Platform;

namespace EdgeShelf.Models;

/// <summary>Converts labels and names to the form in which they are sent: one Unicode form, without control characters that a terminal or a log would act on.</summary>
static class LabelText
{
    /// <summary>Trims a text and converts it to NFC, so that a word is the same label regardless of how it was typed.</summary>
    public static string Clean(string text) => UnicodeForm.Compose(text.Trim());

    /// <summary>Describes the problem with a cleaned label or name, as the end of a sentence; null if there is none.</summary>
    public static string? Problem(string text)
    {
        if (text.Length == 0)
            return "is empty";
        foreach (char letter in text)
        {
            if (letter == '\uFFFD')
                return "holds a character that was lost when the text changed its encoding (U+FFFD)";
            if (PlainText.IsObeyed(letter))
                return $"holds the control character U+{(int)letter:X4}";
        }

        return null;
    }

    /// <summary>Formats a text for a message, with control characters shown as codes.</summary>
    public static string Show(string text) => PlainText.Shown(text);
}
