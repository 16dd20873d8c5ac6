using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

public sealed class FreezeDetectorTests
{
    [Fact]
    public void EqualPicturesInARowAreFrozenFromTheConfiguredCountOn()
    {
        FreezeDetector freeze = new(pictures: 3);

        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(_ => freeze.IsFrozen(new byte[] { 1, 2, 3 })));
    }

    [Fact]
    public void AnotherPictureInBetweenBeginsAnew()
    {
        FreezeDetector freeze = new(pictures: 2);

        Assert.Equal([false, false, false, true, false], new byte[] { 1, 2, 1, 1, 3 }.Select(last => freeze.IsFrozen(new byte[] { 7, last })));
    }

    [Fact]
    public async Task ACameraThatRepeatsItsPictureSaysSoInTheFrame()
    {
        await using HostileServer server = new();
        server.AnswerWithPicture(PicturesOf.Scene());
        await using HttpCamera camera = new(new HttpCameraOptions { Url = $"{server.Url}" }, TimeSpan.FromSeconds(30), TimeProvider.System)
        {
            Freeze = new FreezeDetector(pictures: 2),
        };

        Frame first = await camera.CaptureAsync(TestContext.Current.CancellationToken);
        Frame second = await camera.CaptureAsync(TestContext.Current.CancellationToken);

        Assert.Equal((false, true), (first.IsFrozen, second.IsFrozen));
    }
}
