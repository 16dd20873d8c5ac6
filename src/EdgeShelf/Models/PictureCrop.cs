using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Converts a picture file to the square that a network receives.</summary>
static class PictureCrop
{
    /// <returns>Side x side x 3 bytes, RGB.</returns>
    /// <exception cref="EdgeShelfException">The file cannot be read or is not a picture; the message names it.</exception>
    public static byte[] Read(string path, Preprocessor preprocessor)
    {
        try
        {
            using Picture picture = PictureDecoder.Decode(NamedFile.ReadAllBytes(path));
            byte[] crop = new byte[preprocessor.CropLength];
            preprocessor.Crop(picture, crop);
            return crop;
        }
        catch (PictureException problem)
        {
            throw new EdgeShelfException($"{path}: {problem.Message}", problem.Hint, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"{path} cannot be read: {problem.Message}.", "Take it off the list, or make it readable.", problem);
        }
    }
}
