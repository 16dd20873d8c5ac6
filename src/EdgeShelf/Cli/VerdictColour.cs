using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Writes a verdict in its colour where the terminal shows colours. The word says the same without the colour.</summary>
static class VerdictColour
{
    const int Red = 31, Green = 32, Yellow = 33;

    /// <param name="width">The minimum number of characters; the rest is filled with spaces.</param>
    public static void Write(TextWriter output, string verdict, int width = 0)
    {
        string text = verdict.PadRight(width);
        if (output is not PlainWriter terminal || ColourOf(VerdictNames.Parse(verdict)) is not { } colour)
            output.Write(text);
        else
            terminal.Write(text, colour);
    }

    static int? ColourOf(Verdict? verdict) => verdict switch
    {
        Verdict.Match => Green,
        Verdict.Empty or Verdict.Mismatch => Red,
        Verdict.Unknown or Verdict.Covered => Yellow,
        _ => null,
    };
}
