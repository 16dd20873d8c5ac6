namespace EdgeShelf.Cli;

/// <summary>
/// Draws pixels in a terminal: each character shows two of them, one above the other. Where the terminal shows no colours, only dark and light
/// are told apart.
/// </summary>
static class HalfBlocks
{
    const string Upper = "▀";

    /// <param name="width">The number of pixels in a row, one for each column of the terminal.</param>
    /// <param name="height">The number of rows of pixels; the terminal needs half as many lines.</param>
    /// <param name="at">Returns the colour at a column and a row.</param>
    /// <param name="lightFrom">The brightness from which a pixel is light on a terminal without colours.</param>
    public static void Write(TextWriter output, int width, int height, Func<int, int, Rgb> at, int lightFrom = 128)
    {
        for (int row = 0; row < height; row += 2)
        {
            for (int column = 0; column < width; column++)
            {
                Rgb above = at(column, row), below = row + 1 < height ? at(column, row + 1) : Rgb.Black;
                if (output is PlainWriter { HasColours: true } terminal)
                    terminal.Write(Upper, above, below);
                else
                    output.Write((above.Brightness >= lightFrom, below.Brightness >= lightFrom) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            }
            output.WriteLine();
        }
    }
}
