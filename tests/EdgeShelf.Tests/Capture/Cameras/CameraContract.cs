using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

/// <summary>What holds for every camera. Each camera's own test class gives it a device to do good and bad things with.</summary>
public abstract class CameraContract : IAsyncLifetime
{
    // Well above what one picture takes on a busy machine, and what a hanging one costs a test at least.
    static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Short = TimeSpan.FromSeconds(0.7);

    readonly List<Camera> _created = [];

    protected static byte[] Picture { get; } = PicturesOf.Scene(seed: 1);
    protected static byte[] OtherPicture { get; } = PicturesOf.Scene(seed: 2);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract Camera Create(TimeSpan timeout, TimeProvider clock);

    /// <summary>From now on the device shows this picture.</summary>
    protected abstract void Show(byte[] picture);

    /// <summary>From now on the device gives no bytes, or is not there.</summary>
    protected abstract void ShowNothing();

    /// <summary>From now on the device gives bytes that are no picture.</summary>
    protected abstract void ShowRubbish();

    /// <summary>From now on the device does not answer.</summary>
    protected abstract void Hang();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (Camera camera in _created)
            await camera.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A verb disposes of its camera, and then of the host, which disposes of it again.</summary>
    [Fact]
    public async Task DisposedOfTwiceItReturnsAtOnce()
    {
        Show(Picture);
        Camera camera = Create(TimeSpan.FromSeconds(30), TimeProvider.System);
        await camera.CaptureAsync(Cancellation);
        await camera.DisposeAsync();

        await camera.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), Cancellation);
    }

    [Fact]
    public async Task ThePictureComesAsTheDeviceGaveIt()
    {
        Show(Picture);
        Camera camera = New(Generous);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal(Picture, frame.Bytes.ToArray());
        Assert.Equal(camera.Kind, frame.Source);
        Assert.InRange(frame.CapturedAt, before, TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, frame.CapturedAt.Offset);
        Assert.InRange(frame.CaptureTime, TimeSpan.Zero, Generous);
    }

    [Fact]
    public async Task EachPictureIsANewOne()
    {
        Camera camera = New(Generous);
        Show(Picture);
        await camera.CaptureAsync(Cancellation);
        Show(OtherPicture);

        Frame second = await camera.CaptureAsync(Cancellation);

        Assert.Equal(OtherPicture, second.Bytes.ToArray());
    }

    [Fact]
    public async Task WhenThereIsNoPictureTheErrorSaysSo()
    {
        ShowNothing();

        CaptureException problem = await FailureOf(New(Generous));

        Assert.Contains(problem.Code, (string[])["no-picture", "camera-unreachable", "camera-failed"]);
        Assert.NotEmpty(problem.Hint);
    }

    [Fact]
    public async Task WhatIsNoPictureIsRefused()
    {
        ShowRubbish();

        CaptureException problem = await FailureOf(New(Generous));

        Assert.Equal("not-a-picture", problem.Code);
    }

    [Fact]
    public async Task WhenTheDeviceHangsTheTimeLimitEndsIt()
    {
        Hang();
        long start = TimeProvider.System.GetTimestamp();

        CaptureException problem = await FailureOf(New(Short));

        Assert.Equal("camera-timeout", problem.Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), Short * 0.9, Generous);
    }

    [Fact]
    public async Task AfterAHangTheNextPictureIsTaken()
    {
        Hang();
        Camera camera = New(TimeSpan.FromSeconds(3));
        await FailureOf(camera);
        Show(Picture);

        Frame frame = await camera.CaptureAsync(Cancellation);

        Assert.Equal(Picture, frame.Bytes.ToArray());
    }

    [Fact]
    public async Task WhenTheCallerGivesUpTheWaitEnds()
    {
        Hang();
        using CancellationTokenSource caller = new(Short);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => New(Generous).CaptureAsync(caller.Token).WaitAsync(Generous, Cancellation));
    }

    [Fact]
    public async Task SeveralCallersAreServedOneAfterTheOther()
    {
        Show(Picture);
        Camera camera = New(Generous);

        Frame[] frames = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => camera.CaptureAsync(Cancellation)));

        Assert.All(frames, frame => Assert.Equal(Picture, frame.Bytes.ToArray()));
    }

    private protected Camera New(TimeSpan timeout)
    {
        Camera camera = Create(timeout, TimeProvider.System);
        _created.Add(camera);
        return camera;
    }

    private protected static Task<CaptureException> FailureOf(Camera camera) =>
        Assert.ThrowsAsync<CaptureException>(() => camera.CaptureAsync(Cancellation).WaitAsync(Generous, Cancellation));
}
