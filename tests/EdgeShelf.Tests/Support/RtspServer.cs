using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Tests.Support;

/// <summary>GStreamer's RTSP server with test pictures, which a test kills, stalls and starts again.</summary>
sealed class RtspServer : IDisposable
{
    /// <summary>Tests with this server run one after the other, so that each finds only its own programs.</summary>
    public const string Collection = "RTSP";

    const int SigStop = 19, SigContinue = 18;

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    Process? _process;

    /// <summary>Starts it, or skips the test where it is not installed.</summary>
    /// <param name="port">0: any free one.</param>
    /// <param name="login">Name and password, or nothing.</param>
    /// <returns>The port.</returns>
    public async Task<int> StartAsync(int port, params string[] login)
    {
        Assert.SkipWhen(ProgramsOnPath.Find("ffmpeg") is null, "ffmpeg is missing");
        string script = Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Capture", "Cameras", "rtsp_server.py");
        port = port == 0 ? FreePort.Next() : port;
        // The interpreter of Debian, which has Debian's modules.
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, port.ToString(CultureInfo.InvariantCulture), .. login]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        string? line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        Assert.SkipWhen(line is null, "gir1.2-gst-rtsp-server-1.0 or its plugins are missing");
        return int.Parse(line!, CultureInfo.InvariantCulture);
    }

    public void Stall() => Assert.Equal(0, Posix.Kill(_process!.Id, SigStop));

    public void GoOn() => Assert.Equal(0, Posix.Kill(_process!.Id, SigContinue));

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose() => Kill();

    /// <summary>The ffmpeg processes that this test process started and that are still there. Stand-ins of other tests are scripts and do not count.</summary>
    public static IReadOnlyList<int> Readers()
    {
        string ours = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return [.. ShellScript.ProcessesWith("edgeshelf-rtsp-").Where(pid => ParentOf(pid) == ours && NameOf(pid) == "ffmpeg")];
    }

    static string? ParentOf(int pid) => TryRead($"/proc/{pid}/stat")?.Split(") ")[^1].Split(' ')[1];

    static string? NameOf(int pid) => Path.GetFileName(File.ResolveLinkTarget($"/proc/{pid}/exe", false)?.FullName);

    static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process has ended.
            return null;
        }
    }
}
