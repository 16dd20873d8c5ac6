namespace EdgeShelf.Cli;

/// <summary>A problem as a command's last words. Only the first line begins at the margin, so that under systemd no text from outside is read as a priority.</summary>
static class ErrorText
{
    const string Margin = "  ";

    /// <param name="hint">What to do next; may be empty.</param>
    public static string Of(string message, string hint) => $"edgeshelf: {Indented(message, Margin)}{(hint.Length > 0 ? $"\n{Margin}{Indented(hint, Margin)}" : "")}";

    /// <summary>Lines after the first begin with the margin, unless they begin with a space already.</summary>
    public static string Indented(string text, string margin) =>
        string.Join('\n', text.Split('\n').Select((line, i) => i == 0 || line.StartsWith(' ') ? line : margin + line));
}
