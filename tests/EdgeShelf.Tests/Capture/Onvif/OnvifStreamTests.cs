using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Onvif;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Onvif;

[Collection(RtspServer.Collection)]
public sealed class OnvifStreamTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ACameraWithoutSnapshotsGivesPicturesOfItsStream(bool namesSnapshots, bool isVersion2)
    {
        using RtspServer streams = new();
        await using OnvifServer server = await OnvifServer.StartAsync();
        server.IsVersion2 = isVersion2;
        (server.SnapshotPath, server.HidesSnapshot) = (namesSnapshots ? server.SnapshotPath : null, true);
        server.RtspPort = await streams.StartAsync(0);
        await using OnvifCamera camera = new(new OnvifCameraOptions { Url = $"onvif://127.0.0.1:{server.Url.Port}" }, new CameraSettings(TimeSpan.FromSeconds(60), TimeProvider.System, null));

        Frame frame = await camera.CaptureAsync(TestContext.Current.CancellationToken);

        using Picture picture = PictureDecoder.Decode(frame);
        Assert.Equal(("rtsp", 640, 480), (frame.Source, picture.Width, picture.Height));
        int asked = server.Asked.Count;
        await camera.CaptureAsync(TestContext.Current.CancellationToken);
        Assert.Equal(asked, server.Asked.Count);
    }
}
