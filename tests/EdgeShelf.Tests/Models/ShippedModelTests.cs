using EdgeShelf.Models;
using EdgeShelf.Tests.Models.Making;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models;

/// <summary>The model that comes with the program.</summary>
public sealed class ShippedModelTests
{
    static readonly string Folder = Path.Combine(Checkout.Root, "models", "grocery-81");

    [Fact]
    public void ItIsSoundAndKnows81Classes()
    {
        using LoadedModel model = ModelFolder.Load(Folder, threads: 1);

        Assert.Equal(81, model.Labels.Count);
        Assert.Equal("uint8", model.Manifest.Input.Type);
        Assert.NotNull(model.Manifest.Golden);
    }

    [Fact]
    public void NothingInItsOptimizedGraphIsFloatButTheAnswers() =>
        OptimizedGraph.Of(File.ReadAllBytes(Path.Combine(Folder, ModelManifest.ModelFileName))).MustBeInteger(convolutions: 20, additions: 8);

    [Fact]
    public void ItIsAtMost27PercentOfTheFloatNetwork()
    {
        // 11.2 million weights of four bytes.
        const double FloatBytes = 44_862_773;

        Assert.InRange(new FileInfo(Path.Combine(Folder, ModelManifest.ModelFileName)).Length / FloatBytes, 0.2, 0.27);
    }
}
