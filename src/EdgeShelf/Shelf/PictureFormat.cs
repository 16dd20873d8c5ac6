using System.Buffers;
using System.Text;

namespace EdgeShelf.Shelf;

/// <summary>Formats of picture files: the supported ones, and the names of common ones that are not supported.</summary>
static class PictureFormat
{
    /// <summary>The hint for a picture in an unsupported format.</summary>
    public const string Hint = "Let the camera save JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible), or convert the file to JPEG or PNG.";

    /// <summary>ASCII that can be seen, and blanks.</summary>
    static readonly SearchValues<byte> OfText = SearchValues.Create([(byte)'\t', (byte)'\r', (byte)'\n', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code)]);

    /// <summary>The supported file name extensions, in lower case.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".jpg", ".jpeg", ".png"];

    static readonly string[] OtherEndings =
        [".heic", ".heif", ".hif", ".avif", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".jxl", ".jp2", ".jfif", ".dng", ".cr2", ".nef", ".arw"];

    /// <summary>Whether a file has a supported extension.</summary>
    public static bool IsRead(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file has the extension of an unsupported picture format.</summary>
    public static bool IsPassedOver(string path) => OtherEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns a sentence about the files that are pictures in unsupported formats, or null if there are none.</summary>
    public static string? PassedOver(IEnumerable<string> files)
    {
        string[] names = [.. files.Where(IsPassedOver).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        return names.Length switch
        {
            0 => null,
            1 => $"{names[0]} was left out; only {string.Join(", ", Endings)} files are read.",
            _ => $"{names[0]} and {names.Length - 1} more pictures were left out; only {string.Join(", ", Endings)} files are read.",
        };
    }

    /// <summary>Returns the name of an unsupported picture format from the first bytes of a file, or null if the bytes are not in a known unsupported format.</summary>
    public static string? NameOf(ReadOnlySpan<byte> start)
    {
        const int BrandAt = 8, BrandEnd = 12;
        if (start.Length >= BrandEnd && start[4..BrandAt].SequenceEqual("ftyp"u8))
            return NameOfBrand(start[BrandAt..BrandEnd]);
        if (start.Length >= BrandEnd && start.StartsWith("RIFF"u8) && start[BrandAt..BrandEnd].SequenceEqual("WEBP"u8))
            return "WebP";
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
            return "GIF";
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8))
            return "TIFF";
        if (start.StartsWith("BM"u8) && start.Length >= 10 && start[6..10].SequenceEqual("\0\0\0\0"u8))
            return "BMP";
        if (start is [0xFF, 0x0A, ..] || start.StartsWith("\0\0\0\u000CJXL "u8))
            return "JPEG XL";
        return start.StartsWith("\0\0\0\u000CjP  "u8) ? "JPEG 2000" : null;
    }

    /// <summary>
    /// Describes bytes that are not a picture. The bytes themselves are not quoted, because they may be a secret and the description goes to
    /// the broker.
    /// </summary>
    public static string KindOf(ReadOnlySpan<byte> bytes)
    {
        const int MaxBlank = 64, Needed = 16;
        ReadOnlySpan<byte> text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        ReadOnlySpan<byte> first = text[..Math.Min(text.Length, MaxBlank)].TrimStart(" \t\r\n"u8);
        first = first[..Math.Min(first.Length, Needed)];
        bool isText = !first.ContainsAnyExcept(OfText);
        return !isText ? "another kind" : first.StartsWith("<"u8) ? "HTML or XML" : "text";
    }

    /// <summary>Detects the brands of ISO/IEC 23008-12 annex B and of the AV1 image format.</summary>
    static string? NameOfBrand(ReadOnlySpan<byte> brand)
    {
        if (brand.StartsWith("avi"u8))
            return "AVIF";
        return brand.StartsWith("he"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) ? "HEIC" : null;
    }
}
