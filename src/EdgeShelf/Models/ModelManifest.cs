using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeShelf.Models;

/// <summary>`manifest.json` of a model folder. It describes the network's input and output, and how the network was made and measured.</summary>
/// <remarks>What a file may leave out is `set` and not `init` here: the JSON code of the compiler sets each `init` property, and its default would be lost.</remarks>
sealed record ModelManifest
{
    public const string FileName = "manifest.json";
    public const string ModelFileName = "model.int8.onnx";
    public const string LabelsFileName = "labels.csv";

    public int Schema { get; set; } = 1;
    public required string Name { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256, lower-case hex, of each file in the folder that the model depends on, by relative path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    public required ModelInput Input { get; init; }
    public ModelOutputs Outputs { get; set; } = new();

    /// <summary>Divisor of the logits before softmax; 1 leaves them unchanged (Guo et al. 2017, "On Calibration of Modern Neural Networks").</summary>
    public double Temperature { get; set; } = 1;

    public ReviewThresholds Review { get; set; } = new();

    /// <summary>Decides when a picture shows no taught product. Null if the model has no <see cref="Prototypes"/>, as those of `model quantize` and older ones.</summary>
    public UnknownThresholds? Unknown { get; set; }

    /// <summary>The labels whose rows of the last layer `model train --examples` made from examples of this shelf. Null if there are none; see <see cref="LoadedModel.TaughtScores"/>.</summary>
    public IReadOnlyList<string>? Taught { get; set; }

    /// <summary>A picture in the folder and the network's answer for it, checked at each load. Null only in models of older versions.</summary>
    public GoldenAnswer? Golden { get; set; }

    /// <summary>How the INT8 weights and scales were determined. This is information for readers.</summary>
    public JsonElement? Quantization { get; set; }

    /// <summary>Measured figures and the data they were measured on. This is information for readers.</summary>
    public JsonElement? Measured { get; set; }

    /// <summary>Keys that this version does not understand. A manifest that has any is refused, because the program would not do what they ask for.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A null or a repeated value where a single one is expected is an error in the file, not in the reader.
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };
}

/// <summary>How a picture becomes the network's input tensor, NCHW, RGB.</summary>
sealed record ModelInput
{
    public string Name { get; set; } = "input";

    /// <summary>`uint8`: the input is quantized codes, by <see cref="Scale"/> and <see cref="ZeroPoint"/>; `float32`: normalized values.</summary>
    public string Type { get; set; } = "uint8";

    /// <summary>Length to which the shorter side is resized, in pixels.</summary>
    public int Resize { get; set; } = 256;

    /// <summary>Side of the square cut from the centre, in pixels.</summary>
    public int Crop { get; set; } = 224;

    /// <summary>One value per channel, for pixel values from 0 to 1.</summary>
    public IReadOnlyList<double> Mean { get; set; } = [0.485, 0.456, 0.406];
    public IReadOnlyList<double> Std { get; set; } = [0.229, 0.224, 0.225];

    /// <summary>Scale of the quantized input: normalized value = (code - zero point) * scale. Used where the type is uint8.</summary>
    public double Scale { get; set; }
    public int ZeroPoint { get; set; }

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }
}

sealed record ModelOutputs
{
    public string Logits { get; set; } = "logits";

    /// <summary>Name of the output with the pooled features before the last layer, or null if the network does not return them.</summary>
    public string? Features { get; set; } = "features";

    /// <summary>
    /// Name of the output with the last map's averages over a 2 x 2 grid, which the answers for slots are computed from, or null if the network
    /// does not return them. The folder then also has `descriptor-mean.bin`. See <see cref="Models.Descriptor"/>.
    /// </summary>
    public string? Descriptor { get; set; }

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }
}

/// <summary>Thresholds that decide when a person should review a result.</summary>
sealed record ReviewThresholds
{
    /// <summary>Smallest confidence of the best label; a lower one gives `low-confidence`.</summary>
    public double MinConfidence { get; set; } = 0.6;

    /// <summary>Smallest difference between the best and the second confidence; a smaller one gives `close-call`.</summary>
    public double MinMargin { get; set; } = 0.15;

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }
}

/// <summary>Decides when a picture shows none of the known products.</summary>
sealed record UnknownThresholds
{
    /// <summary>Smallest cosine of the features to the nearest example in `prototypes.bin`; a smaller one gives `unknown-product`.</summary>
    public double MinLikeness { get; set; }

    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }
}

/// <param name="Picture">Path of the picture, relative to the model folder.</param>
/// <param name="Top">The three best labels expected, best first.</param>
/// <param name="Tolerance">Largest allowed difference of a confidence, because processors round differently.</param>
sealed record GoldenAnswer(string Picture, IReadOnlyList<GoldenPrediction> Top, double Tolerance = 0.05)
{
    /// <inheritdoc cref="ModelManifest.NotUnderstood"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? NotUnderstood { get; set; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record GoldenPrediction(string Label, double Confidence);
