using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Publish.Broker;

public sealed class ImageTests
{
    [Fact]
    public async Task EachNewPictureIsPublishedSmallAndNotRetained()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, payload: "%x");
        await using Publisher publisher = new Publisher(broker, options => options.Image = true).Start();
        await publisher.ConnectedAsync();

        publisher.CapturePicture();

        await reader.UntilAsync(seen => seen.On("/image").Any(), "the picture");
        SeenMessage image = Assert.Single(reader.On("/image"));
        Assert.Equal((false, 0), (image.Retained, image.Qos));
        using SKBitmap picture = SKBitmap.Decode(Convert.FromHexString(image.Payload));
        Assert.Equal((360, 270), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task APictureFromBeforeTheConnectionIsNotPublishedAsNew()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, payload: "%x");
        await using Publisher publisher = new(broker, options => options.Image = true);
        publisher.CapturePicture();
        publisher.Start();
        await reader.UntilAsync(seen => seen.On("/result").Any(), "the first result");

        publisher.CapturePicture();

        await reader.UntilAsync(seen => seen.On("/result").Count() == 2 && seen.On("/image").Any(), "the second with its picture");
        Assert.Single(reader.On("/image"));
    }

    [Fact]
    public async Task WithoutAskingForItNoPictureLeavesTheDevice()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker);
        await using Publisher publisher = new Publisher(broker).Start();
        await publisher.ConnectedAsync();
        publisher.CapturePicture();
        publisher.CapturePicture();

        await reader.UntilAsync(seen => seen.On("/result").Count() == 2, "both results");

        Assert.Empty(reader.On("/image"));
    }
}
