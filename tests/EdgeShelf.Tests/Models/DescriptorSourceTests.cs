using EdgeShelf.Models;
using EdgeShelf.Tests.Support;
using Google.Protobuf;
using Onnx;

namespace EdgeShelf.Tests.Models;

public sealed class DescriptorSourceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnotherHeadHasTheSameSourceAndAnotherNetworkOrInputHasAnother()
    {
        ModelManifest manifest = ModelFolder.ReadManifest(Path.Combine(TinyModel.WriteTo(_folder.File("models")), TinyModel.Name));
        string source = DescriptorSource.Of(TinyModel.Network().ToByteArray(), manifest)!;
        ModelProto other = TinyModel.Network();
        NodeProto pool = other.Graph.Node.Single(node => node.Name == "quarters");
        pool.Attribute.Single(attribute => attribute.Name == "strides").Ints[0]++;

        Assert.Equal(source, DescriptorSource.Of(TinyModel.Network(sharpness: 10).ToByteArray(), manifest));
        Assert.NotEqual(source, DescriptorSource.Of(other.ToByteArray(), manifest));
        Assert.NotEqual(source, DescriptorSource.Of(TinyModel.Network().ToByteArray(), manifest with { Input = manifest.Input with { Crop = 48, Resize = 48 } }));
        Assert.Null(DescriptorSource.Of(TinyModel.Network().ToByteArray(), manifest with { Outputs = manifest.Outputs with { Descriptor = null } }));
    }
}
