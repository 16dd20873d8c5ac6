namespace EdgeShelf.Capture;

static class Words
{
    /// <summary>Returns the end of a message: the output of a program, or a full stop if there was none.</summary>
    public static string Quoted(string? words) => string.IsNullOrEmpty(words) ? "." : $": {words}";
}
