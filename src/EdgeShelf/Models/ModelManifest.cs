using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeShelf.Models;

/// <summary>`manifest.json` of a model folder: what the network expects, what it answers, how it was made and measured.</summary>
sealed record ModelManifest
{
    public const string FileName = "manifest.json";
    public const string ModelFileName = "model.int8.onnx";
    public const string LabelsFileName = "labels.csv";

    public int Schema { get; init; } = 1;
    public required string Name { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256, lower-case hex, of each file in the folder that the model depends on, by relative path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    public required ModelInput Input { get; init; }
    public ModelOutputs Outputs { get; init; } = new();

    /// <summary>Logits are divided by it before softmax; 1 leaves them alone (Guo et al. 2017, "On Calibration of Modern Neural Networks").</summary>
    public double Temperature { get; init; } = 1;

    public ReviewThresholds Review { get; init; } = new();

    /// <summary>When a picture shows nothing that was taught; null where the model has no <see cref="Prototypes"/>: those of `model quantize` and older ones.</summary>
    public UnknownThresholds? Unknown { get; init; }

    /// <summary>A picture in the folder and what the network answers for it; checked at each load. Null only in models of older versions.</summary>
    public GoldenAnswer? Golden { get; init; }

    /// <summary>How the INT8 weights and scales were found. For people.</summary>
    public JsonElement? Quantization { get; init; }

    /// <summary>Figures with the data they were measured on. For people.</summary>
    public JsonElement? Measured { get; init; }

    /// <summary>Keys that this version does not understand: a manifest that has any is refused, because what they ask for would not be done.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A null or a second value where one is expected is an error in the file, not in what reads it.
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };
}

/// <summary>How a picture becomes the network's input tensor, NCHW, RGB.</summary>
sealed record ModelInput
{
    public string Name { get; init; } = "input";

    /// <summary>`uint8`: quantized codes go in, by <see cref="Scale"/> and <see cref="ZeroPoint"/>; `float32`: normalized values.</summary>
    public string Type { get; init; } = "uint8";

    /// <summary>The shorter side is resized to this, in pixels.</summary>
    public int Resize { get; init; } = 256;

    /// <summary>Side of the square cut from the centre, in pixels.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>Per channel, of values from 0 to 1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];
    public IReadOnlyList<double> Std { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>Of the quantized input: normalized value = (code - zero point) * scale. Used where the type is uint8.</summary>
    public double Scale { get; init; }
    public int ZeroPoint { get; init; }

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }
}

sealed record ModelOutputs
{
    public string Logits { get; init; } = "logits";

    /// <summary>The pooled features before the last layer, or null where the network does not give them.</summary>
    public string? Features { get; init; } = "features";

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }
}

/// <summary>When a person should look.</summary>
sealed record ReviewThresholds
{
    /// <summary>Below this confidence of the best label: `low-confidence`.</summary>
    public double MinConfidence { get; init; } = 0.6;

    /// <summary>Best minus second below this: `close-call`.</summary>
    public double MinMargin { get; init; } = 0.15;

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }
}

/// <summary>When a picture shows none of the known products.</summary>
sealed record UnknownThresholds
{
    /// <summary>Cosine of the features to the nearest example in `prototypes.bin` below this: `unknown-product`.</summary>
    public double MinLikeness { get; init; }

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }
}

/// <param name="Picture">Relative path in the model folder.</param>
/// <param name="Top">Expected best three, best first.</param>
/// <param name="Tolerance">How far a confidence may be off; processors round differently.</param>
sealed record GoldenAnswer(string Picture, IReadOnlyList<GoldenPrediction> Top, double Tolerance = 0.05)
{
    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record GoldenPrediction(string Label, double Confidence);
