using System.Net;
using System.Text.Json;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.V4l2;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using EdgeShelf.Systemd;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Seams;

/// <summary>A fresh device to which nobody has connected a camera: worker, page, status line and light tell it alike.</summary>
public sealed class NoCameraYetTests
{
    [Fact]
    public async Task ADeviceWithoutACameraSaysOnceWhatToConnectAndWorksWhenOneComes()
    {
        using TemporaryFolder folder = new();
        RpicamCameraOptions options = new() { Warm = false, ToolsFolder = folder.Path };
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(
            services => services.AddSingleton<Camera>(new AutoCamera(
                new CameraFinder(options, TimeProvider.System, new V4l2Devices(_ => null, folder.Path)), _ => new RpicamStillCamera(options, TimeSpan.FromSeconds(30), TimeProvider.System))),
            ("Capture:Camera", "auto"));

        JsonElement[] refused = [await shelf.CaptureAsync(), await shelf.CaptureAsync(), await shelf.CaptureAsync()];
        JsonElement state = await shelf.GetAsync("/api/state");

        Assert.All(refused, answer => Assert.Equal("no-camera", answer.GetProperty("code").GetString()));
        Assert.Equal(("unknown", "no-camera", "auto"), (state.GetProperty("camera").GetProperty("state").GetString(), state.GetProperty("camera").GetProperty("code").GetString(), state.GetProperty("camera").GetProperty("kind").GetString()));
        Assert.Equal(0, state.GetProperty("failures").GetInt64());
        JsonElement trouble = Assert.Single(state.GetProperty("troubles").EnumerateArray(), one => one.GetProperty("code").GetString() == "no-camera");
        Assert.Equal("warning", trouble.GetProperty("severity").GetString());
        Assert.Contains("edgeshelf setup", trouble.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Single(shelf.Log.Lines, line => line.Contains("No camera is connected yet", StringComparison.Ordinal));
        Assert.Equal(1, shelf.Services.GetRequiredService<DurableOutbox>().Depth.Messages);
        Assert.StartsWith("no camera yet;", StatusLine.Of(shelf.Status.Now), StringComparison.Ordinal);
        Assert.Equal(LedState.Review, GpioServices.StateOf(new CaptureQueue(), shelf.Status));

        File.WriteAllBytes(folder.File("picture.jpg"), PicturesOf.Scene());
        ShellScript.Write(folder, "rpicam-still", $"case \"$*\" in *--list-cameras*) echo '0 : imx219 [3280x2464]'; exit 0;; esac\ncat '{folder.File("picture.jpg")}'");
        JsonElement result = await shelf.CaptureAsync();
        using HttpResponseMessage ready = await shelf.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Equal("rpicam", result.GetProperty("image").GetProperty("source").GetString());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
