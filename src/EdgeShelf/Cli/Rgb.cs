namespace EdgeShelf.Cli;

/// <summary>A colour of a terminal, 8 bits for each part.</summary>
readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb Black => new(0, 0, 0);
    public static Rgb White => new(255, 255, 255);

    /// <summary>The brightness, 0 to 255, as ITU-R BT.601 weighs the parts.</summary>
    public int Brightness => ((299 * Red) + (587 * Green) + (114 * Blue)) / 1000;
}
