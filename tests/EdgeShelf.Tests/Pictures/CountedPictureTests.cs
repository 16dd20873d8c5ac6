using EdgeShelf.Cli;
using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Pictures;

public sealed class CountedPictureTests
{
    /// <summary>`tests/device/instructions.sh` compares ARM64 with the same file, and the other tests here compare this processor with plain numbers.</summary>
    [Fact]
    public void ThePixelsThatTheNetworkSeesAreThoseThatArmIsComparedWith()
    {
        string folder = Path.Combine(Checkout.Root, "tests", "device", "counting");
        Frame frame = new(File.ReadAllBytes(Path.Combine(folder, "picture.jpg")), "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 1));

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "pixels.sha256")).Trim(), new BenchStages(models, frame).PixelsSha256());
    }
}
