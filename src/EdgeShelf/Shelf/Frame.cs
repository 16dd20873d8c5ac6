namespace EdgeShelf.Shelf;

/// <summary>One picture as a camera gave it, not yet decoded.</summary>
/// <param name="Bytes">An encoded picture, JPEG or PNG, or raw pixels where there is a <see cref="Layout"/>. Owned by the frame; nobody writes to it.</param>
/// <param name="Source">Which camera: `folder`, `http`, `command`, `rpicam`, `v4l2`.</param>
/// <param name="Name">The file's name, where there is one; for people.</param>
/// <param name="CapturedAt">When the picture was taken, UTC.</param>
/// <param name="CaptureTime">How long the camera took.</param>
sealed record Frame(ReadOnlyMemory<byte> Bytes, string Source, string? Name, DateTimeOffset CapturedAt, TimeSpan CaptureTime)
{
    /// <summary>Of raw pixels; null when the picture is encoded.</summary>
    public RawLayout? Layout { get; init; }

    /// <summary>A live camera has given these very bytes several times in a row: this is a picture of the past.</summary>
    public bool IsFrozen { get; init; }
}
