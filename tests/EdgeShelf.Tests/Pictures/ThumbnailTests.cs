using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Pictures;

public sealed class ThumbnailTests
{
    [Fact]
    public void TheFullCopyOfRawPixelsIsMadeWhenSomebodyAsksForIt()
    {
        RawLayout layout = new(RawPixels.Yuyv, 640, 480, 1280);
        Frame frame = new(Enumerable.Repeat((byte)128, (int)layout.Length).ToArray(), "v4l2", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero) { Layout = layout };
        using Picture picture = PictureDecoder.Decode(frame);

        PictureCopies copies = Thumbnail.CopiesOf(frame, picture);

        Assert.False(copies.Whole.IsValueCreated);
        using Picture whole = PictureDecoder.Decode(copies.Whole.Value);
        Assert.Equal((640, 480), (whole.Width, whole.Height));
    }

    [Fact]
    public void TheFullCopyOfAJpegIsTheCamerasOwn()
    {
        Frame frame = new(PicturesOf.Scene(), "folder", null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        using Picture picture = PictureDecoder.Decode(frame);

        Assert.Equal(frame.Bytes, Thumbnail.CopiesOf(frame, picture).Whole.Value);
    }

    [Theory]
    [InlineData(1280, 960, 360, 270)]
    [InlineData(300, 200, 300, 200)]
    public void AThumbnailHasThePicturesShape(int width, int height, int small, int low)
    {
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene(width, height));

        using Picture thumbnail = PictureDecoder.Decode(Thumbnail.Of(picture, Thumbnail.Side));

        Assert.Equal((small, low), (thumbnail.Width, thumbnail.Height));
    }
}
