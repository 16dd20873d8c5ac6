namespace EdgeShelf.Shelf;

/// <summary>What one picture shows: one slot per region looked at, today the whole shelf.</summary>
/// <param name="Image">The picture that was classified.</param>
/// <param name="Model">The network that did it.</param>
/// <param name="Slots">At least one.</param>
/// <param name="Timings">How long each stage took.</param>
sealed record ShelfResult(ImageInfo Image, ModelInfo Model, IReadOnlyList<SlotResult> Slots, StageTimings Timings)
{
    /// <summary>True when the answer is that of an earlier picture with the same bytes, or of a frame that looked the same.</summary>
    public bool Cached { get; init; }

    public bool NeedsReview => Slots.Any(slot => slot.NeedsReview);
}

/// <param name="Width">Pixels, after EXIF orientation.</param>
/// <param name="Height">Pixels, after EXIF orientation.</param>
/// <param name="Sha256">Of the encoded bytes, lower-case hex.</param>
/// <param name="Source">The camera's kind.</param>
/// <param name="Name">The file's name, where there is one.</param>
sealed record ImageInfo(int Width, int Height, string Sha256, string Source, string? Name = null);

/// <param name="Sha256">Of the ONNX file, lower-case hex.</param>
sealed record ModelInfo(string Name, string Version, string Sha256)
{
    public override string ToString() => $"{Name} {Version}";
}

/// <param name="Slot">The region's name; `shelf` is the whole picture.</param>
/// <param name="Top">Best first, three or as many as there are classes.</param>
/// <param name="ReviewReason">`low-confidence`, `close-call`, `unknown-product`, `unusable-image`, or null.</param>
sealed record SlotResult(string Slot, IReadOnlyList<Prediction> Top, bool NeedsReview, string? ReviewReason);

/// <param name="Index">The class's position in the logits.</param>
/// <param name="Confidence">Calibrated probability, 0 to 1.</param>
sealed record Prediction(string Label, int Index, double Confidence, string? Sku);

/// <summary>Wall-clock time of each stage.</summary>
readonly record struct StageTimings(TimeSpan Capture, TimeSpan Decode, TimeSpan Preprocess, TimeSpan Inference)
{
    public TimeSpan Total => Capture + Decode + Preprocess + Inference;
}
