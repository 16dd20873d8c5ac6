using System.Buffers;
using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Models;

/// <summary>Converts labels and names to the form in which they are sent: one Unicode form, without control characters that a terminal or a log would act on.</summary>
static class LabelText
{
    /// <summary>The maximum length of a label or of a name for people, in characters (Unicode code points).</summary>
    public const int MaxLength = 200;

    /// <summary>The maximum length of an article number, a version or a planogram's name, in characters (Unicode code points).</summary>
    public const int MaxCodeLength = 64;

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

    /// <summary>Describes the problem with a cleaned text of bounded length, as the end of a sentence; null if there is none.</summary>
    /// <param name="maxLength">The maximum number of Unicode code points.</param>
    public static string? Problem(string text, int maxLength)
    {
        if (Problem(text) is { } problem)
            return problem;
        int length = 0;
        for (int at = 0; at < text.Length; length++)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out int used) != OperationStatus.Done)
                return "has half of a surrogate pair in it, which is not a character";
            at += used;
        }

        return length > maxLength ? $"has {length} characters; at most {maxLength} are allowed" : null;
    }

    /// <summary>Formats a text for a message, with control characters shown as codes.</summary>
    public static string Show(string text) => PlainText.Shown(text);
}
