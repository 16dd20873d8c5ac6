using System.Security.Cryptography;

namespace EdgeShelf.Shelf;

/// <summary>A picture from a camera, not yet decoded.</summary>
/// <param name="Bytes">An encoded picture, JPEG or PNG, or raw pixels if there is a <see cref="Layout"/>. The frame owns the bytes; do not write to them.</param>
/// <param name="Source">The kind of camera: `folder`, `http`, `command`, `rpicam`, `v4l2`.</param>
/// <param name="Name">The name of the file, if there is one, for display.</param>
/// <param name="CapturedAt">The time when the picture was taken, in UTC.</param>
/// <param name="CaptureTime">The time that the camera needed.</param>
sealed record Frame(ReadOnlyMemory<byte> Bytes, string Source, string? Name, DateTimeOffset CapturedAt, TimeSpan CaptureTime)
{
    string? _sha256;

    /// <summary>The layout of raw pixels, or null if the picture is encoded.</summary>
    public RawLayout? Layout { get; init; }

    /// <summary>The SHA-256 of the bytes, in lower-case hex. It is computed at the first use.</summary>
    public string Sha256 => _sha256 ??= Convert.ToHexStringLower(SHA256.HashData(Bytes.Span));

    /// <summary>The file that the picture came from, or null if it does not come from a folder.</summary>
    public PictureFile? File { get; init; }

    /// <summary>Whether a live camera returned exactly these bytes several times in a row, which means that the picture is out of date.</summary>
    public bool IsFrozen { get; init; }
}
