namespace EdgeShelf.Recognition.Plan;

/// <summary>
/// Keeps a spreadsheet from running a text as a formula. A text that begins with `=`, `+`, `-` or `@` gets an apostrophe in front when it is
/// exported, and loses it when it is imported. An apostrophe of the text itself is doubled in that place, so that each text comes back as it was.
/// </summary>
static class SpreadsheetText
{
    public static string Guard(string text) => IsFormula(text) ? "'" + text : text;

    public static string Unguard(string text) => text is ['\'', ..] && IsFormula(text[1..]) ? text[1..] : text;

    /// <summary>Whether a formula follows any number of apostrophes.</summary>
    static bool IsFormula(string text) => text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@', ..];
}
