namespace EdgeShelf.Models.Making.Quantization;

/// <summary>The request of `model quantize`.</summary>
sealed record QuantizeRequest
{
    /// <summary>The FP32 ONNX file.</summary>
    public required string Model { get; init; }

    /// <summary>Pictures like those the camera takes; labels are not needed.</summary>
    public required IReadOnlyList<ListedPicture> Calibration { get; init; }

    /// <summary>The model folder to write.</summary>
    public required string Output { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }

    /// <summary>The labels in the order of the logits; null means `class-0` and so on.</summary>
    public IReadOnlyList<ClassLabel>? Labels { get; init; }

    /// <summary>Size and normalization of the network's training.</summary>
    public required ModelInput Input { get; init; }
    public QuantizerSettings Settings { get; init; } = new();

    /// <summary>Labelled pictures that the network was not trained on: for the gate, the temperature and the review thresholds.</summary>
    public IReadOnlyList<ListedPicture>? HeldOut { get; init; }

    /// <summary>A known temperature, which replaces the search on held-out pictures, for example if all labelled pictures were trained on.</summary>
    public double? Temperature { get; init; }

    /// <summary>As <see cref="Temperature"/>; see <see cref="ReviewThresholds.MinConfidence"/>.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>As <see cref="Temperature"/>; see <see cref="ReviewThresholds.MinMargin"/>.</summary>
    public double? MinMargin { get; init; }

    /// <summary>Labelled pictures that are used only to measure, with the name of the list.</summary>
    public IReadOnlyList<ListedPicture>? Test { get; init; }
    public string? TestName { get; init; }

    /// <summary>The picture whose answer is kept; null means the first calibration picture.</summary>
    public string? Golden { get; init; }

    /// <summary>How much INT8 may be worse than FP32 in top-1 on the held-out pictures, from 0 to 1.</summary>
    public double MaxLoss { get; init; } = 0.01;

    /// <summary>Wanted share of right answers among those that are not sent to review, from 0 to 1.</summary>
    public double KeptAccuracy { get; init; } = 0.95;

    /// <summary>Whether to write the model even if the gate refuses it.</summary>
    public bool Force { get; init; }
}
