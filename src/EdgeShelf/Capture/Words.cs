namespace EdgeShelf.Capture;

static class Words
{
    /// <summary>Ends a message with what a program said, or with a full stop when it said nothing.</summary>
    public static string Quoted(string? words) => string.IsNullOrEmpty(words) ? "." : $": {words}";
}
