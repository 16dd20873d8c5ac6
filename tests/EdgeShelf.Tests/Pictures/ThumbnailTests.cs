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
    [InlineData(1280, 960, 320, 240)]
    [InlineData(961, 1281, 240, 320)]
    [InlineData(640, 480, 360, 270)]
    [InlineData(300, 200, 300, 200)]
    public void AThumbnailHasThePicturesShape(int width, int height, int small, int low)
    {
        using Picture picture = PictureDecoder.Decode(PicturesOf.Scene(width, height));

        using Picture thumbnail = PictureDecoder.Decode(Thumbnail.Of(picture));

        Assert.Equal((small, low), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(1280, 96, 3)]
    [InlineData(1283, 97, 4)]
    [InlineData(37, 33, 16)]
    [InlineData(33, 34, 1)]
    public void EachPixelOfAReducedPictureIsTheMeanOfASquare(int width, int height, int factor)
    {
        using Picture picture = new(width, height);
        new Random(factor).NextBytes(picture.Pixels);
        picture.Pixels[..(width * 8)].Fill(255);
        byte[] reduced = new byte[width / factor * (height / factor) * Picture.BytesPerPixel];

        BoxAverage.Of(picture, factor, reduced);

        for (int at = 0; at < reduced.Length; at++)
        {
            int column = at / Picture.BytesPerPixel % (width / factor), row = at / Picture.BytesPerPixel / (width / factor), sum = 0;
            for (int pixel = 0; pixel < factor * factor; pixel++)
                sum += picture.Pixels[((row * factor + pixel / factor) * width + column * factor + pixel % factor) * Picture.BytesPerPixel + at % Picture.BytesPerPixel];
            Assert.InRange(reduced[at], (double)sum / (factor * factor) - 1, (double)sum / (factor * factor) + 1);
        }
    }
}
