using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching;

/// <summary>Decides whether a crop can be an example. Only what shows nothing is refused: a slot of few pixels is always blurred when it is enlarged.</summary>
static class CropCheck
{
    // The luma, 0 to 255. An empty place is often dark and plain, so less is asked of it.
    const double DarkProduct = 20, DarkEmpty = 8, PlainProduct = 8, PlainEmpty = 2;

    /// <returns>Why the crop cannot be an example, as a sentence, or null.</returns>
    public static string? Problem(PictureQuality quality, string label)
    {
        bool isEmpty = label == Planogram.EmptyLabel;
        if (quality.Mean < (isEmpty ? DarkEmpty : DarkProduct))
            return "The picture of the place is black.";
        if (quality.Deviation < (isEmpty ? PlainEmpty : PlainProduct))
            return "The picture of the place has one colour and shows nothing.";
        return null;
    }
}
