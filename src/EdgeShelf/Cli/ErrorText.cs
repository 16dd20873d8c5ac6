namespace EdgeShelf.Cli;

/// <summary>Formats an error for the end of a command's output. Only the first line starts at column 0, so that systemd does not read text from outside as a priority prefix.</summary>
static class ErrorText
{
    const string Margin = "  ";

    /// <param name="hint">What to do next; may be empty.</param>
    public static string Of(string message, string hint) => $"edgeshelf: {Indented(message, Margin)}{(hint.Length > 0 ? $"\n{Margin}{Indented(hint, Margin)}" : "")}";

    /// <summary>Indents the lines after the first by the margin, except lines that already start with a space.</summary>
    public static string Indented(string text, string margin) =>
        string.Join('\n', text.Split('\n').Select((line, i) => i == 0 || line.StartsWith(' ') ? line : margin + line));
}
