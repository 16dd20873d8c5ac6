using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeShelf.Tests.Support;

/// <summary>A real broker on a free port of loopback, with whatever configuration a test needs, to be stopped, killed and brought back.</summary>
sealed partial class Mosquitto : IDisposable
{
    const int SigKill = 9;
    const int SigTerm = 15;
    const int SigStop = 19;
    const int SigContinue = 18;

    static readonly TimeSpan UpWithin = TimeSpan.FromSeconds(20);
    static readonly string? Program = ProgramsOnPath.Find("mosquitto", "/usr/sbin", "/usr/local/sbin");

    readonly TemporaryFolder _folder = new();
    readonly string _settings;
    readonly NetworkNamespace? _network;
    Process? _process;

    /// <param name="settings">Lines of mosquitto.conf beside the listener; `{folder}` is a folder of the broker's own.</param>
    /// <param name="network">Where it runs instead of this machine's own network.</param>
    Mosquitto(string settings, int port, NetworkNamespace? network)
    {
        _network = network;
        _settings = settings.Replace("{folder}", _folder.Path, StringComparison.Ordinal);
        Port = port;
    }

    public int Port { get; }
    public string Uri => $"mqtt://{Address}:{Port}";
    public string Folder => _folder.Path;

    /// <summary>Skips the test by name where mosquitto is not installed.</summary>
    public static Mosquitto Start(string settings = "allow_anonymous true", bool started = true, NetworkNamespace? network = null)
    {
        Assert.SkipUnless(Program is not null, "mosquitto is not installed.");
        Mosquitto broker = new(settings, FreePort.Next(), network);
        if (started)
            broker.Start();
        return broker;
    }

    public void Start()
    {
        string configuration = _folder.File("mosquitto.conf");
        // `user root` keeps it from giving up the right to read its folder where tests run as root.
        string listener = _settings.Contains("listener ", StringComparison.Ordinal) ? "" : $"listener {Port} {Address}\n";
        File.WriteAllText(configuration, $"user root\n{listener}{_settings.Replace("{port}", $"{Port}", StringComparison.Ordinal)}\n");
        string[] command = [.. _network?.Prefix ?? [], Program!, "-c", configuration, "-v"];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => LastLine = line.Data ?? LastLine;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Assert.True(Wait.Until(() => Listens() || _process.HasExited, UpWithin) && !_process.HasExited, $"mosquitto does not listen on {Port}: {LastLine}");
    }

    public string LastLine { get; private set; } = "";

    public bool IsRunning => _process is not null;

    /// <summary>As a power cut takes it. What it confirmed and did not save yet is lost.</summary>
    public void Kill() => End(SigKill);

    /// <summary>As systemd stops it: it saves what waits and what is retained, where it has a place for it.</summary>
    public void Stop() => End(SigTerm);

    void End(int signal)
    {
        if (_process is null)
            return;
        _ = Kill(_process.Id, signal);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>It keeps its connections and answers nothing.</summary>
    public void Freeze() => Assert.Equal(0, Kill(_process!.Id, SigStop));

    public void Thaw() => Assert.Equal(0, Kill(_process!.Id, SigContinue));

    /// <summary>Makes it read its password and access files again.</summary>
    public void Reload() => Assert.Equal(0, Kill(_process!.Id, 1));

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    IPAddress Address => _network?.Inside ?? IPAddress.Loopback;

    bool Listens()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(Address, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
