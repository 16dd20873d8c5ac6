using System.Runtime.InteropServices;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;
using SkiaSharp;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>From an FP32 file and pictures to a model folder.</summary>
public sealed class ModelMakerTests : IDisposable
{
    static readonly ModelInput Input = new() { Resize = 36, Crop = SmallNetwork.Side };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelIsMadeThatLoadsAndAgreesWithFloat()
    {
        QuantizeReport report = new ModelMaker(Request(Scenes(16)), new NoProgress()).Make(TestContext.Current.CancellationToken);

        Assert.Null(report.Forced);
        using LoadedModel model = ModelFolder.Load(_folder.File("out"), threads: 1);
        Assert.Equal(5, model.Labels.Count);
        Assert.Equal(Input.Crop, model.Manifest.Input.Crop);
    }

    [Fact]
    public void TheMeanDescriptorIsThatOfTheCalibrationPicturesInTheMadeNetwork()
    {
        IReadOnlyList<ListedPicture> scenes = Scenes(5);

        Make(Request(scenes));

        using LoadedModel model = ModelFolder.Load(_folder.File("out"), threads: 1);
        float[][] descriptors = [.. scenes.Select(scene =>
        {
            using var tensor = model.Preprocessor.ToTensor(PictureCrop.Read(scene.Path, model.Preprocessor));
            return Descriptor.Of(model.Network.Run(tensor).DescriptorOf(0));
        })];
        Assert.Equal(32, model.DescriptorMean.Length);
        Assert.All(Enumerable.Range(0, 32), index => Assert.Equal(descriptors.Average(descriptor => descriptor[index]), model.DescriptorMean.Span[index], 5));
        Assert.Contains(descriptors[0], value => value > 0);
    }

    [Fact]
    public void ANetworkWhoseLastMapHasNoGridIsMadeWithoutADescriptorAndSaysSo()
    {
        QuantizeRequest request = Request(Scenes(4));
        FloatNetwork network = SmallNetwork.Create(stride: SmallNetwork.Side);
        File.WriteAllBytes(request.Model, FloatModel.Write(network));

        QuantizeReport report = Make(request with { Force = true });

        Assert.Contains("1 x 1, and 2 x 2 or more is needed", Assert.Single(report.Notes), StringComparison.Ordinal);
        using LoadedModel model = ModelFolder.Load(_folder.File("out"), threads: 1);
        Assert.False(model.HasDescriptor);
        Assert.DoesNotContain(DescriptorMean.FileName, report.Manifest.Files.Keys);
    }

    [Fact]
    public void CalibratedOnTheWrongPicturesItIsNotWrittenUnlessForced()
    {
        // A picture of the mean colour is zero after normalization: what the network will see is far outside the ranges.
        IReadOnlyList<ListedPicture> wall = [Picture("wall.png", PicturesOf.Plain(new SKColor(124, 116, 104), 64, 64, SKEncodedImageFormat.Png))];
        IReadOnlyList<ListedPicture> scenes = Scenes(40);
        QuantizeRequest request = Request(wall);
        TakeMeanAnswerAway(request.Model, scenes);
        request = request with { HeldOut = LabelledByFloat(request.Model, scenes) };

        EdgeShelfException problem = Assert.Throws<EdgeShelfException>(() => Make(request));
        Assert.Contains("Not written", problem.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("out")));

        QuantizeReport forced = Make(request with { Force = true });
        Assert.NotNull(forced.Forced);
        Assert.True(File.Exists(Path.Combine(_folder.File("out"), ModelManifest.ModelFileName)));
    }

    [Fact]
    public void WhatIsKnownAlreadyIsNotFoundAgain()
    {
        QuantizeRequest request = Request(Scenes(16));
        request = request with { HeldOut = LabelledByFloat(request.Model, Scenes(16)), Temperature = 0.7, MinConfidence = 0.42 };

        ModelManifest manifest = Make(request).Manifest;

        Assert.Equal(0.7, manifest.Temperature);
        Assert.Equal(0.42, manifest.Review.MinConfidence);
    }

    [Fact]
    public void LabelsThatDoNotMatchTheHeadAreRefusedWithBothCounts()
    {
        QuantizeRequest request = Request(Scenes(1)) with { Labels = [new ClassLabel(0, "only", "Only", null)] };

        Assert.Contains("5 classes and the labels 1", Assert.Throws<ConfigurationException>(() => Make(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyCalibrationFolderIsRefused()
    {
        Directory.CreateDirectory(_folder.File("empty"));

        Assert.Contains("no picture", Assert.Throws<ConfigurationException>(() => PictureList.ReadAny(_folder.File("empty"), null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACorruptCalibrationPictureIsNamed()
    {
        QuantizeRequest request = Request([Picture("broken.jpg", "no picture"u8.ToArray())]);

        Assert.Contains("broken.jpg", Assert.Throws<EdgeShelfException>(() => Make(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMistypedGoldenPictureIsFoundBeforeTheWorkAndLeavesNothing()
    {
        QuantizeRequest request = Request([Picture("broken.jpg", "no picture"u8.ToArray())]) with { Golden = _folder.File("golden.jgp") };

        // The calibration picture cannot be read either: whoever looks at that first has begun the work.
        Assert.Contains("golden.jgp", Assert.Throws<EdgeShelfException>(() => Make(request)).Message, StringComparison.Ordinal);
        Assert.Equal(["broken.jpg", "float.onnx"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AResizeBelowTheCropIsFoundBeforeTheWork()
    {
        QuantizeRequest request = Request([Picture("broken.jpg", "no picture"u8.ToArray())]) with { Input = Input with { Resize = SmallNetwork.Side, Crop = SmallNetwork.Side + 8 } };

        Assert.Contains("input.resize is 32 and input.crop 40", Assert.Throws<ConfigurationException>(() => Make(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsThereIsRefusedBeforeTheWorkAndLeftAsItIs()
    {
        QuantizeRequest request = Request([Picture("broken.jpg", "no picture"u8.ToArray())]);
        Directory.CreateDirectory(_folder.File("out"));
        _folder.Write("out/NOTICE", "mine");

        Assert.Contains("out is there already", Assert.Throws<ConfigurationException>(() => Make(request)).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder.File("out/NOTICE")));
    }

    [Fact]
    public void AModelThatCannotBeLoadedLeavesNoHalfFolder()
    {
        ModelManifest manifest = new() { Name = "half", Version = "1", Files = new Dictionary<string, string>(), Input = Input };

        Assert.Throws<ConfigurationException>(() => ModelWriter.Write(_folder.File("half"), manifest, [1, 2, 3], [new ClassLabel(0, "a", "a", null)], Scenes(1)[0].Path));

        Assert.Equal(["scene-0.png"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void OneCorruptCalibrationPictureAmongManyIsLeftOutAndNamed()
    {
        QuantizeReport report = Make(Request([Picture("broken.jpg", "no picture"u8.ToArray()), .. Scenes(16)]));

        Assert.Contains("broken.jpg", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal("golden/scene-0.png", report.Manifest.Golden!.Picture);
    }

    static QuantizeReport Make(QuantizeRequest request) => new ModelMaker(request, new NoProgress()).Make(TestContext.Current.CancellationToken);

    QuantizeRequest Request(IReadOnlyList<ListedPicture> calibration)
    {
        OnnxModelFile.Write(SmallNetwork.Onnx(), _folder.File("float.onnx"));
        return new QuantizeRequest
        {
            Model = _folder.File("float.onnx"),
            Calibration = calibration,
            Output = _folder.File("out"),
            Name = "small",
            Version = "1",
            Input = Input,
            MaxLoss = 0.05,
        };
    }

    IReadOnlyList<ListedPicture> Scenes(int count) =>
        [.. Enumerable.Range(0, count).Select(seed => Picture($"scene-{seed}.png", PicturesOf.Scene(64, 48, seed, SKEncodedImageFormat.Png)))];

    ListedPicture Picture(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return new ListedPicture(_folder.File(name), null);
    }

    /// <summary>Random weights prefer one class always; without the mean, what is seen decides.</summary>
    static void TakeMeanAnswerAway(string path, IReadOnlyList<ListedPicture> pictures)
    {
        ModelProto model = OnnxModelFile.Read(path);
        float[][] logits = [.. Score(path, pictures).Select(score => score.Logits)];
        TensorProto bias = model.Graph.Initializer.First(tensor => tensor.Name == "head.bias");
        float[] centred = [.. OnnxTensors.ReadFloats(bias, "head").Select((value, index) => value - logits.Average(answer => answer[index]))];
        bias.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(centred));
        OnnxModelFile.Write(model, path);
    }

    /// <summary>The labels are what the FP32 network says, so that it is always right.</summary>
    static IReadOnlyList<ListedPicture> LabelledByFloat(string path, IReadOnlyList<ListedPicture> pictures) =>
        [.. Score(path, pictures).Select(score => score.Picture with { Class = Array.IndexOf(score.Logits, score.Logits.Max()) })];

    static ScoredPicture[] Score(string path, IReadOnlyList<ListedPicture> pictures)
    {
        Contestant float32 = new(Input with { Type = "float32" }, new ModelOutputs { Features = null }, FloatModel.Write(NetworkReader.Read(OnnxModelFile.Read(path))));
        return Scorer.Score(pictures, [float32], null, TestContext.Current.CancellationToken)[0];
    }
}
