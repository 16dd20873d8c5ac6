namespace EdgeShelf.Pictures.Alignment;

/// <summary>
/// How sharp a picture is compared with the reference, measured where both show the same. A shelf that was emptied has less detail than
/// before, but what is left of it is as sharp; a blurred picture has less detail everywhere.
/// </summary>
static class RelativeSharpness
{
    const int Side = 20;

    /// <summary>The minimum normalized cross-correlation of a tile that shows the same.</summary>
    const double MinLikeness = 0.6;

    /// <summary>The minimum number of tiles that tell anything.</summary>
    const int MinTiles = 6;

    /// <summary>The minimum variance of the reference's Laplacian in a tile, in squared levels. Less is noise.</summary>
    const double MinDetail = 4;

    /// <returns>
    /// The median over tiles of the ratio of the variances of the Laplacian (Pech-Pacheco et al. 2000): about 1 if the picture is as sharp, near 0 if
    /// it is blurred. Null if too few tiles show the same.
    /// </returns>
    /// <param name="alignment">How the picture lies to the reference.</param>
    public static double? Of(GreyPicture reference, GreyPicture picture, ViewAlignment alignment)
    {
        (int dx, int dy) = ((int)Math.Round(alignment.Dx * picture.Width), (int)Math.Round(alignment.Dy * picture.Height));
        List<double> ratios = [];
        for (int top = 1; top + Side < reference.Height; top += Side)
        {
            for (int left = 1; left + Side < reference.Width; left += Side)
            {
                if (left + dx < 1 || top + dy < 1 || left + dx + Side >= picture.Width || top + dy + Side >= picture.Height)
                    continue;
                double before = Detail(reference, left, top);
                if (before >= MinDetail && Likeness(reference, left, top, picture, left + dx, top + dy) >= MinLikeness)
                    ratios.Add(Detail(picture, left + dx, top + dy) / before);
            }
        }
        ratios.Sort();
        return ratios.Count < MinTiles ? null : ratios[ratios.Count / 2];
    }

    static double Detail(GreyPicture picture, int left, int top)
    {
        double sum = 0, squares = 0;
        float[] levels = picture.Levels;
        for (int y = top; y < top + Side; y++)
        {
            for (int x = left, at = y * picture.Width + left; x < left + Side; x++, at++)
            {
                double laplacian = levels[at - picture.Width] + levels[at - 1] + levels[at + 1] + levels[at + picture.Width] - 4 * levels[at];
                sum += laplacian;
                squares += laplacian * laplacian;
            }
        }
        double mean = sum / (Side * Side);
        return squares / (Side * Side) - mean * mean;
    }

    static double Likeness(GreyPicture first, int left, int top, GreyPicture second, int left2, int top2)
    {
        double sum = 0, sum2 = 0, squares = 0, squares2 = 0, products = 0;
        for (int y = 0; y < Side; y++)
        {
            ReadOnlySpan<float> row = first.Levels.AsSpan((top + y) * first.Width + left, Side), row2 = second.Levels.AsSpan((top2 + y) * second.Width + left2, Side);
            for (int x = 0; x < Side; x++)
            {
                (double a, double b) = (row[x], row2[x]);
                (sum, sum2, squares, squares2, products) = (sum + a, sum2 + b, squares + a * a, squares2 + b * b, products + a * b);
            }
        }
        const double Count = Side * Side;
        double spread = (squares - sum * sum / Count) * (squares2 - sum2 * sum2 / Count);
        return spread <= 0 ? 0 : (products - sum * sum2 / Count) / Math.Sqrt(spread);
    }
}
