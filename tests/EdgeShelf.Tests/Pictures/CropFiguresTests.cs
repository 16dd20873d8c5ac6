using EdgeShelf.Pictures;

namespace EdgeShelf.Tests.Pictures;

/// <summary>The vectors of the quality check and of the frame signature give the figures of the same computation in plain numbers.</summary>
public sealed class CropFiguresTests
{
    public static TheoryData<int> Sides => [1, 2, 3, 16, 17, 18, 27, 28, 29, 33, 97, 224, 255, 256, 1024];

    [Theory]
    [MemberData(nameof(Sides))]
    public void TheQualityEqualsThatOfPlainNumbers(int side)
    {
        foreach (byte[] rgb in Crops(side))
            Assert.Equal(PlainQuality(rgb, side), PictureQuality.Of(rgb, side));
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void TheSignatureEqualsThatOfPlainNumbers(int side)
    {
        foreach (byte[] rgb in Crops(side))
            Assert.Equal(PlainMeans(rgb, side), new FrameSignature(rgb, side).Means.ToArray());
    }

    /// <summary>Noise, all white, and the strongest edges.</summary>
    static byte[][] Crops(int side)
    {
        byte[] noise = new byte[side * side * 3];
        new Random(side).NextBytes(noise);
        return [noise, [.. noise.Select(_ => (byte)255)], [.. noise.Select((_, at) => (byte)((at / 3 % side + at / 3 / side) % 2 * 255))]];
    }

    static PictureQuality PlainQuality(byte[] rgb, int side)
    {
        int[] luma = [.. Enumerable.Range(0, side * side).Select(at => (77 * rgb[at * 3] + 150 * rgb[at * 3 + 1] + 29 * rgb[at * 3 + 2]) >> 8)];
        double mean = (double)luma.Sum(y => (long)y) / luma.Length;
        double deviation = Math.Sqrt(Math.Max(0, (double)luma.Sum(y => (long)y * y) / luma.Length - mean * mean));
        long sum = 0, squares = 0;
        for (int y = 1; y < side - 1; y++)
        {
            for (int x = 1; x < side - 1; x++)
            {
                int at = y * side + x, laplacian = luma[at - side] + luma[at - 1] + luma[at + 1] + luma[at + side] - 4 * luma[at];
                sum += laplacian;
                squares += laplacian * laplacian;
            }
        }
        double count = (side - 2.0) * (side - 2), middle = sum / count;
        return new PictureQuality(mean, deviation, (double)luma.Count(y => y >= 250) / luma.Length, squares / count - middle * middle);
    }

    static float[] PlainMeans(byte[] rgb, int side)
    {
        const int Cells = 28;
        float[] means = new float[Cells * Cells * 3];
        int[] counts = new int[Cells * Cells];
        for (int pixel = 0; pixel < side * side; pixel++)
        {
            int cell = pixel / side * Cells / side * Cells + pixel % side * Cells / side;
            counts[cell]++;
            for (int channel = 0; channel < 3; channel++)
                means[cell * 3 + channel] += rgb[pixel * 3 + channel];
        }
        return [.. means.Select((sum, at) => sum / Math.Max(1, counts[at / 3]))];
    }
}
