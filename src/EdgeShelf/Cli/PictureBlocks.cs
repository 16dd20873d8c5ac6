using EdgeShelf.Pictures;

namespace EdgeShelf.Cli;

/// <summary>Shows a picture in a terminal, so that a person sees where the camera looks.</summary>
static class PictureBlocks
{
    /// <summary>The columns of a terminal whose width is not known.</summary>
    const int UsualColumns = 80;

    /// <summary>More columns make the picture higher than a usual terminal.</summary>
    const int MostColumns = 100;

    public static int ColumnsOfTerminal => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? UsualColumns : Math.Min(Console.WindowWidth, MostColumns);

    /// <param name="columns">The width in columns of the terminal.</param>
    public static void Write(TextWriter output, Picture picture, int columns)
    {
        int width = Math.Min(columns, picture.Width);
        int height = Math.Max(1, (int)Math.Round((double)width * picture.Height / picture.Width));
        Rgb[] small = [.. Enumerable.Range(0, width * height).Select(i => MeanOf(picture, i % width, i / width, width, height))];
        // Without colours half of the pixels are light, whatever the light on the shelf.
        int middle = small.Select(pixel => pixel.Brightness).Order().ElementAt(small.Length / 2);
        HalfBlocks.Write(output, width, height, (column, row) => small[(row * width) + column], Math.Max(1, middle));
    }

    static Rgb MeanOf(Picture picture, int column, int row, int width, int height)
    {
        (int left, int right) = Range(column, width, picture.Width);
        (int top, int bottom) = Range(row, height, picture.Height);
        long red = 0, green = 0, blue = 0;
        ReadOnlySpan<byte> pixels = picture.Pixels;
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<byte> line = pixels.Slice(((y * picture.Width) + left) * Picture.BytesPerPixel, (right - left) * Picture.BytesPerPixel);
            for (int x = 0; x < line.Length; x += Picture.BytesPerPixel)
                (red, green, blue) = (red + line[x], green + line[x + 1], blue + line[x + 2]);
        }
        long count = (long)(right - left) * (bottom - top);
        return new Rgb((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }

    static (int From, int To) Range(int index, int count, int pixels)
    {
        int from = (int)((long)index * pixels / count);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * pixels / count)));
    }
}
