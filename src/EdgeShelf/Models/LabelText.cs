using EdgeShelf.Platform;

namespace EdgeShelf.Models;

/// <summary>Labels and names as they go on the wire: one Unicode form, and nothing that a terminal or a log would obey.</summary>
static class LabelText
{
    /// <summary>Without spaces around it, in NFC: one word is one label, however it was typed.</summary>
    public static string Clean(string text) => UnicodeForm.Compose(text.Trim());

    /// <summary>What is wrong with a cleaned label or name, as the end of a sentence; null where nothing is.</summary>
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

    /// <summary>For a message: control characters as codes.</summary>
    public static string Show(string text) => PlainText.Shown(text);
}
