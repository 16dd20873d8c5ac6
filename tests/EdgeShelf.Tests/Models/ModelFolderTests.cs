using System.Text.Json.Nodes;
using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    readonly TemporaryFolder _temporary = new();
    readonly string _folder;

    public ModelFolderTests() => _folder = ModelCopy.Create(_temporary.Path, "copy");

    string Onnx => Path.Combine(_folder, ModelManifest.ModelFileName);

    string Manifest => Path.Combine(_folder, ModelManifest.FileName);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void ASoundFolderLoads()
    {
        using LoadedModel model = ModelFolder.Load(_folder, threads: 1);

        Assert.Equal("copy", model.Info.Name);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("text")]
    [InlineData("empty")]
    public void ADamagedNetworkIsRefusedWithBothHashes(string damage)
    {
        byte[] bytes = File.ReadAllBytes(Onnx);
        byte[] damaged = damage switch
        {
            "truncated" => bytes[..(bytes.Length / 2)],
            "text" => "<html>404</html>"u8.ToArray(),
            "empty" => [],
            _ => [.. bytes[..5000], (byte)~bytes[5000], .. bytes[5001..]],
        };
        File.WriteAllBytes(Onnx, damaged);

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => ModelFolder.Load(_folder, threads: 1));

        Assert.Contains(ModelFolder.Sha256(Onnx), problem.Message, StringComparison.Ordinal);
        Assert.Contains(ModelFolder.ReadManifest(_folder).Files[ModelManifest.ModelFileName], problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("text")]
    [InlineData("empty")]
    public void ADamagedNetworkWithAHashThatFitsIsRefusedToo(string damage)
    {
        byte[] bytes = File.ReadAllBytes(Onnx);
        File.WriteAllBytes(Onnx, damage switch { "truncated" => bytes[..(bytes.Length / 2)], "text" => "<html>404</html>"u8.ToArray(), _ => [] });
        Resign(ModelManifest.ModelFileName);

        Assert.Throws<ConfigurationException>(() => ModelFolder.Load(_folder, threads: 1));
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        File.Delete(Path.Combine(_folder, ModelManifest.LabelsFileName));

        Assert.Contains(ModelManifest.LabelsFileName, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongGoldenAnswerIsRefusedWithBoth()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Golden = manifest.Golden! with { Top = [new GoldenPrediction("Papaya", 0.99)] } });

        string refusal = Refusal();

        Assert.Contains("Papaya 0.99", refusal, StringComparison.Ordinal);
        Assert.Contains(ModelFolder.ReadManifest(ModelCopy.Shipped).Golden!.Top[0].Label, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsThatDoNotMatchTheNetworkAreRefusedWithBothCounts()
    {
        string labels = Path.Combine(_folder, ModelManifest.LabelsFileName);
        File.WriteAllLines(labels, File.ReadAllLines(labels)[..^1]);
        Resign(ModelManifest.LabelsFileName);

        string refusal = Refusal();

        Assert.Contains("81 classes", refusal, StringComparison.Ordinal);
        Assert.Contains("80", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherInputSizeThanTheNetworksIsRefused()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Input = manifest.Input with { Crop = 96, Resize = 128 } });

        Assert.Contains("96", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AManifestThatPointsOutsideItsFolderIsRefused()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Files = manifest.Files.Append(new("../secret", "00")).ToDictionary() });

        Assert.Contains("../secret", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AThresholdForUnknownProductsNeedsItsExamples()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Unknown = new UnknownThresholds { MinLikeness = 0.7 } });

        Assert.Contains("prototypes.bin in files", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesOfAnotherNetworkAreRefusedWithBothCounts()
    {
        File.WriteAllBytes(Path.Combine(_folder, Prototypes.FileName), Prototypes.Of([[1, 2, 3]], [0]).ToBytes());
        ModelCopy.Change(_folder, manifest => manifest with
        {
            Unknown = new UnknownThresholds { MinLikeness = 0.7 },
            Files = manifest.Files.Append(new(Prototypes.FileName, ModelFolder.Sha256(Path.Combine(_folder, Prototypes.FileName)))).ToDictionary(),
        });

        Assert.Contains("512 features and prototypes.bin holds 3", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AModelWithoutADescriptorLoadsAndSlotsAreRefusedWithAHint()
    {
        ModelCopy.Change(_folder, manifest => manifest with
        {
            Outputs = new ModelOutputs(),
            Files = manifest.Files.Where(file => file.Key != DescriptorMean.FileName).ToDictionary(),
        });

        using LoadedModel model = ModelFolder.Load(_folder, threads: 1);

        Assert.Null(model.Network.Descriptors);
        Assert.True(model.DescriptorMean.IsEmpty);
        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => Descriptor.Require(model));
        Assert.Contains("copy 2.0.0 gives no descriptor", problem.Message, StringComparison.Ordinal);
        Assert.Contains("model train", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void ADescriptorNeedsItsMean()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Files = manifest.Files.Where(file => file.Key != DescriptorMean.FileName).ToDictionary() });

        Assert.Contains("outputs.descriptor is descriptor and files does not list descriptor-mean.bin", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AMeanOfAnotherNetworkIsRefusedWithBothLengths()
    {
        WriteMean(DescriptorMean.ToBytes([1, 2, 3]));

        Assert.Contains("descriptors of 2048 values and descriptor-mean.bin holds 3", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "holds no mean descriptor")]
    [InlineData("cut off", "has 8199 bytes; 2048 values need 8200")]
    [InlineData("negative", "has -1 as value 7")]
    [InlineData("not a number", "has NaN as value 7")]
    public void ADamagedMeanIsRefused(string damage, string told)
    {
        float[] mean = new float[2048];
        mean[7] = damage switch { "negative" => -1, "not a number" => float.NaN, _ => 0 };
        byte[] bytes = DescriptorMean.ToBytes(mean);
        WriteMean(damage switch { "text" => "<html>404</html>"u8.ToArray(), "cut off" => bytes[..^1], _ => bytes });

        Assert.Contains(told, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input", "resize_rule", "\"bicubic\"")]
    [InlineData("input", "interpolation", "\"bilinear\"")]
    [InlineData("input", "layout", "\"NHWC\"")]
    [InlineData("outputs", "softmax", "true")]
    [InlineData("review", "max_entropy", "0.5")]
    [InlineData("golden", "threads", "1")]
    [InlineData(null, "ensemble", "[]")]
    public void AKeyThatIsNotUnderstoodIsRefusedByName(string? part, string key, string value)
    {
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Manifest))!;
        (part is null ? manifest : manifest[part]!)[key] = JsonNode.Parse(value);
        File.WriteAllText(Manifest, manifest.ToJsonString());

        Assert.Contains($"does not understand {(part is null ? "" : part + ".")}{key}", Refusal(), StringComparison.Ordinal);
    }

    /// <summary>The service ended with a stack trace at the first picture, instead of falling back to the model before.</summary>
    [Fact]
    public void AResizeBelowTheCropIsRefusedWithBoth()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Golden = null, Input = manifest.Input with { Resize = 200 } });

        Assert.Contains("input.resize is 200 and input.crop 256", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input")]
    [InlineData("files")]
    [InlineData("name")]
    [InlineData("review")]
    public void ANullWhereAValueIsNeededIsRefused(string key)
    {
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Manifest))!;
        manifest[key] = null;
        File.WriteAllText(Manifest, manifest.ToJsonString());

        Assert.Contains(key, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatIsThereTwiceIsRefused()
    {
        File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace("\"crop\": 256,", "\"crop\": 256, \"crop\": 224,", StringComparison.Ordinal));

        Assert.Contains("crop", Refusal(), StringComparison.Ordinal);
    }

    /// <summary>The reader's own words name its types and count lines from 0.</summary>
    [Theory]
    [InlineData("{ \"name\": \"tiny\",\n  \"version\": }", "line 2, column 14: '}' stands where a value is needed")]
    [InlineData("{ \"name\": \"tiny\"", "the file ends too early")]
    [InlineData("[]", "line 1, column 1: the file holds a JSON array; a JSON object is needed")]
    [InlineData("null", "the file holds a single value; a JSON object is needed")]
    [InlineData(" ", "it is empty")]
    [InlineData("{ \"name\": \"tiny\", \"Name\": \"tiny\" }", "line 1, column 19: the key \"Name\" stands twice")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\" }", "the keys files, input are missing")]
    [InlineData("{ \"name\": \"tiny\",\n \"version\": 1.5, \"files\": {}, \"input\": {} }", "line 2, column 13: version is 1.5; text in double quotes is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": [], \"input\": {} }", "files is a list; an object in { } is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": { \"a.b\": 7 }, \"input\": {} }", "files['a.b'] is 7; text in double quotes is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": {}, \"input\": { \"crop\": 224.5 } }", "input.crop is 224.5; a whole number is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": {}, \"input\": { \"crop\": 99999999999 } }", "input.crop is 99999999999; a whole number is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": {}, \"input\": { \"mean\": [0.1, \"x\"] } }", "input.mean[1] is \"x\"; a number is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": {}, \"input\": { \"mean\": 0.5 } }", "input.mean is 0.5; a list in [ ] is needed")]
    [InlineData("{ \"name\": \"tiny\", \"version\": \"1\", \"files\": {}, \"input\": null }", "input is null; an object in { } is needed")]
    public void AManifestThatIsNotOneIsExplainedInPlainWordsWithLineAndColumn(string json, string expected)
    {
        File.WriteAllText(Manifest, json);

        string refusal = Refusal();

        Assert.Contains($"is not a manifest: ", refusal, StringComparison.Ordinal);
        Assert.Contains(expected, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryProblemOfAManifestIsToldAtOnce()
    {
        ModelCopy.Change(_folder, manifest => manifest with { Temperature = 0, Schema = 9, Input = manifest.Input with { Scale = 0 } });

        string refusal = Refusal();

        Assert.Contains("temperature is 0", refusal, StringComparison.Ordinal);
        Assert.Contains("schema is 9", refusal, StringComparison.Ordinal);
        Assert.Contains("input.scale is 0", refusal, StringComparison.Ordinal);
    }

    void WriteMean(byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(_folder, DescriptorMean.FileName), bytes);
        Resign(DescriptorMean.FileName);
    }

    string Refusal() => Assert.Throws<ConfigurationException>(() => ModelFolder.Load(_folder, threads: 1)).Message;

    void Resign(string file) => ModelCopy.Change(_folder, manifest => manifest with
    {
        Files = manifest.Files.ToDictionary(entry => entry.Key, entry => entry.Key == file ? ModelFolder.Sha256(Path.Combine(_folder, file)) : entry.Value),
    });
}
