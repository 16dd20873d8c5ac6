using EdgeShelf.Pictures;

namespace EdgeShelf.Doctor;

/// <summary>Two figures that tell an installer whether to turn the lens or the lamp.</summary>
/// <param name="Brightness">Mean luma, 0 black to 1 white.</param>
/// <param name="Sharpness">Variance of the Laplacian of the luma in levels of 255 (Pech-Pacheco et al. 2000): 0 for a blank picture, hundreds for a sharp one.</param>
readonly record struct PictureLook(double Brightness, double Sharpness)
{
    public const double Dark = 0.08;
    public const double Glaring = 0.92;
    public const double Blurred = 15;

    public static PictureLook Of(Picture picture)
    {
        (int width, int height) = (picture.Width, picture.Height);
        ReadOnlySpan<byte> pixels = picture.Pixels;
        double[] luma = new double[width * height];
        double sum = 0;
        for (int at = 0; at < luma.Length; at++)
        {
            ReadOnlySpan<byte> pixel = pixels.Slice(at * Picture.BytesPerPixel, 3);
            // ITU-R BT.601.
            luma[at] = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
            sum += luma[at];
        }

        (double edges, double squares, int count) = (0, 0, 0);
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1; x < width - 1; x++)
            {
                int at = y * width + x;
                double edge = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4 * luma[at];
                (edges, squares, count) = (edges + edge, squares + edge * edge, count + 1);
            }
        }
        double mean = count == 0 ? 0 : edges / count;
        return new PictureLook(sum / luma.Length / 255, count == 0 ? 0 : squares / count - mean * mean);
    }
}
