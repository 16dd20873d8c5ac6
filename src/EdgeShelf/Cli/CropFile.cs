using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Cli;

/// <summary>Writes what the network sees, before normalization, as PNG files.</summary>
static class CropFile
{
    /// <summary>Writes the crop of the whole picture.</summary>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    public static void Save(LoadedModel model, Frame frame, string path)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        using (Picture picture = PictureDecoder.Decode(frame))
            model.Preprocessor.Crop(picture, crop);
        Write(crop, model.Manifest.Input.Crop, path);
    }

    /// <summary>Writes the crop of each slot to `NAME-SLOT.png`, where `NAME.png` is the given path.</summary>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    public static void Save(LoadedModel model, Frame frame, SlotMap slots, string path)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        using Picture picture = PictureDecoder.Decode(frame, [.. slots.Slots.Select(slot => slot.Region)], model.Manifest.Input.Crop);
        foreach (Slot slot in slots.Slots)
        {
            model.Preprocessor.CropRegion(picture, slot.Region, crop);
            Write(crop, model.Manifest.Input.Crop, PathOf(path, slot.Name));
        }
    }

    static string PathOf(string path, string slot)
    {
        bool isPng = Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase);
        return $"{(isPng ? path[..^".png".Length] : path)}-{slot}.png";
    }

    static void Write(byte[] crop, int side, string path)
    {
        using SKBitmap bitmap = new(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int pixel = 0; pixel < side * side; pixel++)
        {
            crop.AsSpan(pixel * 3, 3).CopyTo(pixels[(pixel * Picture.BytesPerPixel)..]);
            pixels[pixel * Picture.BytesPerPixel + 3] = 255;
        }
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        try
        {
            using FileStream file = File.Create(path);
            png.SaveTo(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The crop cannot be written to {path}: {problem.Message}", "Name a file in a folder that exists and may be written.", problem);
        }
    }
}
