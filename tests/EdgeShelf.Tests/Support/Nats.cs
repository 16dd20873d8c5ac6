using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace EdgeShelf.Tests.Support;

/// <summary>A real nats-server on a free port of loopback, with the configuration of scripts/samples/fleet, to be stopped and brought back.</summary>
sealed partial class Nats : IDisposable
{
    static readonly TimeSpan UpWithin = TimeSpan.FromSeconds(20);
    static readonly TimeSpan DownWithin = TimeSpan.FromSeconds(90);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet", "nats");
    static readonly string? Program = ProgramsOnPath.Find("nats-server", "/usr/sbin");

    readonly TemporaryFolder _folder = new();
    readonly string _configuration;
    BackgroundPrograms _program = new();
    Process? _process;

    /// <param name="users">The content of users.conf, or null to let everybody in.</param>
    Nats(string? users)
    {
        string settings = File.ReadAllText(Path.Combine(Samples, "fleet.conf"))
            .Replace("/var/lib/nats", _folder.Path, StringComparison.Ordinal).Replace("127.0.0.1:4222", $"127.0.0.1:{FreePort.Next()}", StringComparison.Ordinal)
            .Replace("host: 0.0.0.0, port: 1883", $"host: 127.0.0.1, port: {Port}", StringComparison.Ordinal);
        _folder.Write("users.conf", users ?? "");
        _configuration = _folder.Write("fleet.conf", users is null ? Authorization().Replace(settings, "") : settings);
    }

    public int Port { get; } = FreePort.Next();
    public string Uri => $"mqtt://127.0.0.1:{Port}";

    /// <summary>Skips the test by name where nats-server is not installed.</summary>
    public static Nats Start(string? users = null)
    {
        Assert.SkipUnless(Program is not null, "nats-server is not installed.");
        Nats broker = new(users);
        broker.Start();
        return broker;
    }

    public void Start()
    {
        _program = new BackgroundPrograms();
        _process = _program.Start("", Program!, "-c", _configuration);
        Assert.True(Wait.Until(() => _program.Text.Contains("Server is ready", StringComparison.Ordinal) || _process.HasExited, UpWithin) && !_process.HasExited, _program.Text);
    }

    /// <summary>As systemd stops it with the sample's drop-in.</summary>
    public void Stop()
    {
        string name = KillSignal().Match(File.ReadAllText(Path.Combine(Samples, "stop.conf"))).Groups["name"].Value;
        Assert.Equal("SIGUSR2", name);
        Assert.Equal(0, Kill(_process!.Id, 12));
        Assert.True(_process.WaitForExit(DownWithin), _program.Text);
        Assert.Contains("Entering lame duck mode", _program.Text, StringComparison.Ordinal);
        _program.Dispose();
    }

    public void Dispose()
    {
        _program.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"^KillSignal=(?<name>\w+)$", RegexOptions.Multiline)]
    private static partial Regex KillSignal();

    [GeneratedRegex(@"^authorization .*\n", RegexOptions.Multiline)]
    private static partial Regex Authorization();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
