using EdgeShelf.Shelf;

namespace EdgeShelf.Capture;

/// <summary>Tells pictures from what cameras send in their place, by the first and last bytes; decoding is Vision's.</summary>
static class FrameBytes
{
    /// <summary>More than any sensor here gives as a JPEG; what is larger is refused while it is read.</summary>
    public const int MaxBytes = 25_000_000;

    static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];
    static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];
    static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // The last chunk of every PNG: its type and its checksum.
    static ReadOnlySpan<byte> PngEnd => [(byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Refuses what does not begin like a JPEG or PNG.</summary>
    /// <param name="from">Where the bytes came from, to begin the message with.</param>
    /// <exception cref="CaptureException">`no-picture` when empty, `not-a-picture` otherwise.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, string from)
    {
        if (bytes.IsEmpty)
            throw new CaptureException("no-picture", $"{from} gave 0 bytes.", "See whether the camera works by hand.");
        if (!bytes.StartsWith(JpegStart) && !bytes.StartsWith(PngStart))
            throw new CaptureException(
                "not-a-picture", $"{from} gave {bytes.Length} bytes that {(PictureFormat.NameOf(bytes) is { } format ? $"are a picture in the format {format}" : $"are {Kind(bytes)}")}; a JPEG or PNG is needed.",
                PictureFormat.NameOf(bytes) is null ? "See what the camera sends by hand; an address may lead to a page or a stream instead of a picture." : PictureFormat.Hint);
    }

    /// <summary>Whether the last bytes are those of a whole JPEG or PNG. A few cameras pad their files, so false proves nothing.</summary>
    public static bool EndsWhole(ReadOnlySpan<byte> lastBytes) => lastBytes.EndsWith(JpegEnd) || lastBytes.EndsWith(PngEnd);

    // The bytes themselves may be somebody's secret, and the message goes to the broker: only their kind is told.
    static string Kind(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> first = bytes[..Math.Min(bytes.Length, 16)];
        bool isText = first.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
        return !isText ? "neither" : first[0] == '<' ? "HTML or XML" : "text";
    }
}
