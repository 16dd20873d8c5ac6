using EdgeShelf.Shelf;

namespace EdgeShelf.Capture;

/// <summary>Distinguishes pictures from other data that cameras send, by the first and last bytes. It does not decode them.</summary>
static class FrameBytes
{
    /// <summary>The maximum size of a picture. No supported sensor produces a larger JPEG, and larger data is refused while it is read.</summary>
    public const int MaxBytes = 25_000_000;

    static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];
    static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];
    static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // The type and the checksum of the last chunk, which are the same in every PNG.
    static ReadOnlySpan<byte> PngEnd => [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Throws an exception if the bytes do not begin like a JPEG or PNG.</summary>
    /// <param name="from">The source of the bytes, with which the message begins.</param>
    /// <exception cref="CaptureException">`no-picture`: there are no bytes. `not-a-picture`: the bytes are something else.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string from)
    {
        if (bytes.IsEmpty)
            throw new CaptureException("no-picture", $"{from} returned 0 bytes.", "Check that the camera works outside EdgeShelf.");
        if (!bytes.StartsWith(JpegStart) && !bytes.StartsWith(PngStart))
            throw new CaptureException(
                "not-a-picture", $"{from} returned {bytes.Length} bytes {(PictureFormat.NameOf(bytes) is { } format ? $"that are a picture in the format {format}" : $"of {PictureFormat.KindOf(bytes)}")}; a JPEG or PNG is needed.",
                PictureFormat.NameOf(bytes) is null ? "Check what the camera sends. Its address may be that of a page or a stream instead of a picture." : PictureFormat.Hint);
    }

    /// <summary>Whether the last bytes are those of a complete JPEG or PNG. Some cameras pad their files, so a complete picture may also return false.</summary>
    public static bool EndsWhole(ReadOnlySpan<byte> lastBytes) => lastBytes.EndsWith(JpegEnd) || lastBytes.EndsWith(PngEnd);
}
