using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Teaching.Training;

/// <summary>The views of one crop that a head learns from: as it is, mirrored, and two parts of it, so that a place drawn a little off is learned too.</summary>
static class CropViews
{
    /// <summary>The number of views. The first one is the crop as it is, as slots are judged.</summary>
    public const int Count = 4;

    /// <summary>The share of each side that a part keeps. Places lose most when they are drawn a tenth off.</summary>
    const double Part = 0.88;

    static readonly (Region Region, bool IsMirrored)[] Views =
    [
        (new Region(0, 0, 1, 1), false), (new Region(0, 0, 1, 1), true), (new Region(0, 0, Part, Part), false), (new Region(1 - Part, 1 - Part, Part, Part), true),
    ];

    /// <summary>Returns what the network sees of each view, one after the other: each squashed to its square, RGB.</summary>
    /// <exception cref="PictureException">The bytes are not a picture, or the picture is damaged.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> crop, Preprocessor preprocessor, int side)
    {
        using Picture picture = PictureDecoder.Decode(crop);
        byte[] rgb = new byte[Count * preprocessor.CropLength];
        for (int view = 0; view < Count; view++)
        {
            Span<byte> into = rgb.AsSpan(view * preprocessor.CropLength, preprocessor.CropLength);
            preprocessor.CropRegion(picture, Views[view].Region, into);
            if (Views[view].IsMirrored)
                Mirror(into, side);
        }
        return rgb;
    }

    static void Mirror(Span<byte> rgb, int side)
    {
        const int Channels = 3;
        for (int row = 0; row < side; row++)
        {
            Span<byte> line = rgb.Slice(row * side * Channels, side * Channels);
            // Reversed whole, the channels are reversed too: then each pixel is turned back.
            line.Reverse();
            for (int pixel = 0; pixel < side; pixel++)
                line.Slice(pixel * Channels, Channels).Reverse();
        }
    }
}
