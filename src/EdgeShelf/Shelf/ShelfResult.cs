namespace EdgeShelf.Shelf;

/// <summary>The result of one picture: one slot per classified region, which is currently the whole shelf.</summary>
/// <param name="Image">The picture that was classified.</param>
/// <param name="Model">The model that classified it.</param>
/// <param name="Slots">The slots. There is at least one.</param>
/// <param name="Timings">The duration of each stage.</param>
sealed record ShelfResult(ImageInfo Image, ModelInfo Model, IReadOnlyList<SlotResult> Slots, StageTimings Timings)
{
    /// <summary>Whether the result is that of an earlier picture with the same bytes, or of a frame that looked the same.</summary>
    public bool Cached { get; init; }

    /// <summary>The planogram with which the slots were compared, or null.</summary>
    public PlanogramId? Planogram { get; init; }

    public bool NeedsReview => Slots.Any(slot => slot.NeedsReview);
}

/// <param name="Width">The width in pixels, after EXIF orientation.</param>
/// <param name="Height">The height in pixels, after EXIF orientation.</param>
/// <param name="Sha256">The SHA-256 of the encoded bytes, in lower-case hex.</param>
/// <param name="Source">The kind of camera.</param>
/// <param name="Name">The name of the file, if there is one.</param>
sealed record ImageInfo(int Width, int Height, string Sha256, string Source, string? Name = null);

/// <param name="Sha256">The SHA-256 of the ONNX file, in lower-case hex.</param>
sealed record ModelInfo(string Name, string Version, string Sha256)
{
    public override string ToString() => $"{Name} {Version}";
}

/// <param name="Slot">The name of the region. `shelf` is the whole picture.</param>
/// <param name="Top">The predictions, best first: three, or as many as there are classes.</param>
/// <param name="ReviewReason">Why a person should review the result: `low-confidence`, `close-call`, `unknown-product`, `unusable-image`, or null.</param>
sealed record SlotResult(string Slot, IReadOnlyList<Prediction> Top, bool NeedsReview, string? ReviewReason)
{
    /// <summary>The review reason of a picture that is too dark, blank or blurred to say anything about, or that a frozen camera repeats.</summary>
    public const string UnusableImage = "unusable-image";

    /// <summary>
    /// The most likely product, or null if the picture cannot be used. <see cref="Top"/> has the answer of the network for every picture, also where it means nothing,
    /// so whoever shows a product to people takes this one.
    /// </summary>
    public Prediction? Best => ReviewReason == UnusableImage ? null : Top[0];

    /// <summary>Where the slot was in this picture, or null for the whole picture.</summary>
    public Region? Region { get; init; }

    /// <summary>Whether the slot looked as it did, so that the network was not run again.</summary>
    public bool Cached { get; init; }

    /// <summary>What belongs in the slot, or null if nothing is expected.</summary>
    public ExpectedProduct? Expected { get; init; }

    /// <summary>
    /// What the slot shows after this picture: the confirmed verdict, `covered` while a change is not confirmed, or `unchecked` if the
    /// picture cannot be judged. Null for the whole picture.
    /// </summary>
    public Verdict? Verdict { get; init; }
}

/// <param name="Index">The position of the class in the logits.</param>
/// <param name="Confidence">The calibrated probability, 0 to 1.</param>
sealed record Prediction(string Label, int Index, double Confidence, string? Sku);

/// <summary>Wall-clock time of each stage.</summary>
readonly record struct StageTimings(TimeSpan Capture, TimeSpan Decode, TimeSpan Preprocess, TimeSpan Inference)
{
    public TimeSpan Total => Capture + Decode + Preprocess + Inference;
}
