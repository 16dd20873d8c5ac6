using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Capture.Cameras;

/// <summary>The contract with a stand-in for ffmpeg. <see cref="RtspServerTests"/> has a real one and a real server.</summary>
public sealed class RtspCameraTests : CameraContract
{
    readonly TemporaryFolder _folder = new();

    private protected override Camera Create(TimeSpan timeout, TimeProvider clock) => new RtspCamera(Options(), timeout, clock);

    protected override void Show(byte[] picture)
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), picture);
        Script($"cat '{_folder.File("picture.jpg")}'");
    }

    protected override void ShowNothing() => Script("echo 'list: Connection refused' >&2; exit 1");

    protected override void ShowRubbish() => Script("echo 'Stream mapping'");

    protected override void Hang() => Script("trap '' TERM; while true; do sleep 0.1; done");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ThePasswordIsInAFileOfItsOwnerAndNotOnTheCommandLine()
    {
        File.WriteAllBytes(_folder.File("picture.jpg"), Picture);
        // The list follows -i.
        Script($"printf '%s\\n' \"$*\" > '{_folder.File("arguments")}'; while [ \"$1\" != -i ]; do shift; done; stat -c %a \"$2\" > '{_folder.File("mode")}'; cat \"$2\" > '{_folder.File("list")}'; cat '{_folder.File("picture.jpg")}'");
        await using RtspCamera camera = new(Options("shelf", "it's a secret"), TimeSpan.FromSeconds(30), TimeProvider.System);

        await camera.CaptureAsync(Cancellation);

        Assert.DoesNotContain("secret", File.ReadAllText(_folder.File("arguments")), StringComparison.Ordinal);
        Assert.Equal("600", File.ReadAllText(_folder.File("mode")).Trim());
        Assert.Contains("file 'rtsp://shelf:it%27s%20a%20secret@127.0.0.1:554/stream'\noption rtsp_transport tcp\n", File.ReadAllText(_folder.File("list")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatFfmpegSaysIsToldWithoutThePassword()
    {
        Script("echo \"[concat] Impossible to open 'rtsp://shelf:secret@127.0.0.1:554/stream'\" >&2; exit 1");
        await using RtspCamera camera = new(Options("shelf", "secret"), TimeSpan.FromSeconds(30), TimeProvider.System);

        CaptureException problem = await FailureOf(camera);

        Assert.Contains("Impossible to open 'rtsp://127.0.0.1:554/stream'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterThreeFailuresTheCameraIsAskedLessOften()
    {
        FakeTimeProvider clock = new();
        RetryPause pause = new(clock);
        List<double> pauses = [];
        for (int i = 0; i < 12; i++)
        {
            double waited = 0;
            while (Record.Exception(pause.ThrowIfTooEarly) is not null)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                waited++;
            }
            pauses.Add(waited);
            pause.Failed(new CaptureException("camera-refused", "No.", "Hint."));
        }
        Assert.Equal([0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60], pauses);

        CaptureException early = Assert.Throws<CaptureException>(pause.ThrowIfTooEarly);
        Assert.Equal(("camera-refused", "No; it is asked again in 60 s."), (early.Code, early.Message));
        pause.Succeeded();
        pause.ThrowIfTooEarly();
    }

    RtspCameraOptions Options(string? user = null, string password = "") => new()
    {
        Url = "rtsp://127.0.0.1:554/stream",
        Program = _folder.File("ffmpeg"),
        User = user,
        PasswordFile = user is null ? null : _folder.Write("password", password + "\n"),
    };

    void Script(string body) => ShellScript.Write(_folder, "ffmpeg", body);
}
