using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Pictures.Jpeg;

public sealed class JpegKindTests
{
    [Theory]
    [InlineData(0xC3, 8, 3, "a lossless JPEG")]
    [InlineData(0xC5, 8, 3, "a hierarchical JPEG")]
    [InlineData(0xC1, 12, 3, "a JPEG of 12 bits a sample")]
    [InlineData(0xC0, 8, 2, "a JPEG of 2 components")]
    public void AKindThatIsNotReadIsNamed(byte marker, byte bits, byte components, string name)
    {
        byte[] picture = PicturesOf.Scene(64, 48);
        int frame = JpegDamage.Find(picture, 0xC0);
        (picture[frame + 1], picture[frame + 4], picture[frame + 9]) = (marker, bits, components);

        PictureException problem = Assert.Throws<PictureException>(() => PictureDecoder.Decode(picture).Dispose());

        Assert.Equal("unsupported", problem.Code);
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
    }
}
