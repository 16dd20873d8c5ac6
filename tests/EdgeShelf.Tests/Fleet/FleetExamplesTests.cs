using EdgeShelf.Fleet.Checks;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models.Making.Quantization;
using EdgeShelf.Recognition;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;
using SkiaSharp;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What was taught at the shelf, as a measure of a model from afar.</summary>
public sealed class FleetExamplesTests
{
    static readonly SKColor[] Colours = [SKColors.Red, SKColors.Lime, SKColors.Blue];

    [Fact]
    public async Task AModelThatDoesNotRecognizeTheShelfsExamplesIsRefusedWithBothFigures()
    {
        using TemporaryFolder folder = new();
        await using FleetFiles files = await FleetFiles.StartAsync();
        FleetModel blind = FleetModel.Make("blind", onnx: WithoutDescriptors());
        await using FleetDevice device = await new FleetDevice(folder.Path).StartAsync();
        await device.UntilAsync(report => report.Status == FleetStatus.None, "the start");
        await TeachAsync(device);

        device.Send(FleetModel.Document(1, blind.At(files.Serve("/blind", blind.Archive))));
        ReportedDocument report = await device.UntilAsync(FleetStatus.Refused, 1);

        FleetProblem problem = Assert.Single(report.Problems);
        Assert.True(problem.Code == FleetProblem.WorseOnExamples, $"{problem.Code}: {problem.Message}");
        Assert.Contains("recognizes 0 of 12 examples of this shelf, and the model in use 24 of 24", problem.Message, StringComparison.Ordinal);
        Assert.Equal(TinyModel.Name, device.Models.Name);
    }

    [Theory]
    [InlineData(40, 40, 38, 40, false)]
    [InlineData(40, 40, 37, 40, true)]
    [InlineData(20, 40, 20, 40, false)]
    [InlineData(40, 40, 22, 22, false)]
    [InlineData(40, 40, 18, 18, true)]
    [InlineData(40, 40, 0, 0, true)]
    public void ALittleWorseIsAllowed(int rightBefore, int judgedBefore, int rightAfter, int judgedAfter, bool isWorse) =>
        Assert.Equal(isWorse, ExampleCheck.ProblemOf(rightBefore, judgedBefore, rightAfter, judgedAfter) is not null);

    static async Task TeachAsync(FleetDevice device)
    {
        CropDescriber describer = new(device.Models, new PriorityGate());
        List<ExampleEdit> edits = [];
        for (int at = 0; at < 24; at++)
        {
            string label = $"product-{at % 3}";
            byte[] crop = Crop(at % 3, at / 3);
            (string model, var descriptors) = await describer.DescribeAsync([crop], TestContext.Current.CancellationToken);
            edits.Add(new ExampleEdit.Add(new NewExample(
                label, $"1-{at:00}", TimeProvider.System.GetUtcNow(), ExampleSources.Http, crop, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(crop)), model, descriptors[0])));
        }
        device.Examples.Change(StepKinds.Add, _ => new ExamplePlan("Examples.", edits));
    }

    /// <summary>Three quarters in the product's colour, and one in another.</summary>
    static byte[] Crop(int product, int variant)
    {
        const int Side = 64;
        using SKBitmap bitmap = new(Side, Side);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(Colours[product]);
            using SKPaint paint = new() { Color = Colours[(product + 1 + (variant / 4)) % 3] };
            canvas.DrawRect(variant % 2 * Side / 2, variant / 2 % 2 * Side / 2, Side / 2, Side / 2, paint);
        }
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The tiny network, whose descriptor is the same for each picture.</summary>
    static byte[] WithoutDescriptors()
    {
        ModelProto network = TinyModel.Network();
        network.Graph.Node.Remove(network.Graph.Node.Single(node => node.Output.Contains(QuantizedModel.Descriptor)));
        network.Graph.Node.Remove(network.Graph.Node.Single(node => node.OpType == "AveragePool"));
        NodeProto constant = new() { OpType = "Gemm", Name = "constant" };
        constant.Input.AddRange(["features", "nothing", "half"]);
        constant.Output.Add(QuantizedModel.Descriptor);
        network.Graph.Node.Add(constant);
        network.Graph.Initializer.Add(Tensor("nothing", 0, 3, TinyModel.Descriptors));
        network.Graph.Initializer.Add(Tensor("half", 0.5f, TinyModel.Descriptors));
        return network.ToByteArray();
    }

    static TensorProto Tensor(string name, float value, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        Array.Fill(values, value);
        TensorProto tensor = new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }
}
