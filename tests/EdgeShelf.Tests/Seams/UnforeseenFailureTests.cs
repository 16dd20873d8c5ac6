using System.Net.Sockets;
using System.Text.Json;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>Whatever one picture meets, the service goes on and the next picture is right.</summary>
public sealed class UnforeseenFailureTests
{
    /// <summary>A plain IOException out of the middle of a body ended the service.</summary>
    [Fact]
    public async Task ACameraThatResetsTheConnectionInMidPictureCostsThatPictureAlone()
    {
        await using HostileServer camera = new();
        byte[] picture = PicturesOf.Plain(SKColors.Green);
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Capture:Camera", "http"), ("Capture:Http:Url", $"{camera.Url}"));
        camera.Answer = async (_, stream, stop) =>
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"), stop);
            await stream.WriteAsync(picture.AsMemory(0, picture.Length / 2), stop);
            await stream.FlushAsync(stop);
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        };

        JsonElement reset = await shelf.CaptureAsync();
        camera.AnswerWithPicture(picture);
        JsonElement next = await shelf.CaptureAsync();

        Assert.Equal("camera-failed", reset.GetProperty("code").GetString());
        Assert.Equal("Green-Pear", next.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
    }

    /// <summary>A full disk is not the camera's fault, wherever it is told.</summary>
    [Fact]
    public async Task AFullDiskIsToldOfTheDiskEverywhere()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 2);
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Publish:Folder", volume.Path), ("Publish:MinFreeBytes", "0"));
        shelf.ShowPlain("a.jpg", SKColors.Red);
        await shelf.CaptureAsync();
        volume.Fill();
        await Wait.UntilAsync(() => shelf.CaptureAsync().GetAwaiter().GetResult().TryGetProperty("code", out _));

        JsonElement unready = await shelf.GetAsync("/readyz");
        JsonElement state = await shelf.GetAsync("/api/state");
        string metrics = await shelf.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        string status = EdgeShelf.Systemd.StatusLine.Of(shelf.Status.Now);
        volume.Free();
        await Wait.UntilAsync(() => shelf.CaptureAsync().GetAwaiter().GetResult().TryGetProperty("seq", out _));
        JsonElement ready = await shelf.GetAsync("/readyz");

        Assert.True(unready.GetProperty("camera").GetProperty("ok").GetBoolean());
        Assert.False(unready.GetProperty("outbox").GetProperty("ok").GetBoolean());
        Assert.Contains("outbox-failed", state.GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetProperty("code").GetString()));
        Assert.Equal("working", state.GetProperty("camera").GetProperty("state").GetString());
        Assert.Matches(@"(?m)^edgeshelf_camera_up(\{.*\})? 1( |$)", metrics);
        Assert.Matches(@"(?m)^edgeshelf_storage_up(\{.*\})? 0( |$)", metrics);
        Assert.Contains("camera works; results cannot be kept", status, StringComparison.Ordinal);
        Assert.True(ready.GetProperty("ready").GetBoolean());
    }
}
