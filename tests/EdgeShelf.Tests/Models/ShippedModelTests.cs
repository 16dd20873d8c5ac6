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

    /// <summary>The map is 8 x 8, so each of its numbers is in exactly one quarter.</summary>
    [Fact]
    public void TheMeanOfAChannelsFourQuartersIsItsFeature()
    {
        using LoadedModel model = ModelFolder.Load(Folder, threads: 1);
        using var tensor = model.Preprocessor.ToTensor(PictureCrop.Read(Path.Combine(Folder, model.Manifest.Golden!.Picture), model.Preprocessor));

        NetworkAnswer answer = model.Network.Run(tensor);

        Assert.Equal(4 * model.Network.Features, model.Network.Descriptors);
        Assert.Equal(model.Network.Descriptors, model.DescriptorMean.Length);
        float[] quarters = answer.DescriptorOf(0).ToArray();
        float[] features = answer.FeaturesOf(0).ToArray();
        // The features are rounded to 256 codes of this width, the quarters are not.
        float code = features.Where(value => value > 0).Min();
        Assert.All(features.Select((feature, channel) => (feature, quarters.AsSpan(4 * channel, 4).ToArray().Average())), pair =>
            Assert.InRange(pair.Item2, pair.feature - (0.51f * code), pair.feature + (0.51f * code)));
    }

    [Fact]
    public void ItIsAtMost27PercentOfTheFloatNetwork()
    {
        // 11.2 million weights of four bytes.
        const double FloatBytes = 44_862_773;

        Assert.InRange(new FileInfo(Path.Combine(Folder, ModelManifest.ModelFileName)).Length / FloatBytes, 0.2, 0.27);
    }
}
