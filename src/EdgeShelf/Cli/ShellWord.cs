namespace EdgeShelf.Cli;

/// <summary>Quotes words of a command that is printed for copying into a shell.</summary>
static class ShellWord
{
    public static string Quote(string word) => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,@+".Contains(letter, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
