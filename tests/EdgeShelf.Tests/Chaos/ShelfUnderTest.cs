using System.Globalization;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

/// <summary>The real service between a camera, a disk, a link and a broker that can each be made to fail.</summary>
sealed partial class ShelfUnderTest : IAsyncDisposable
{
    const string Device = "chaos";
    const string EverythingAllowed = "topic readwrite #\n";
    const string NoResults = $"topic deny edgeshelf/{Device}/result\n{EverythingAllowed}";

    readonly TemporaryFolder _folder = new();
    readonly List<string> _outputs = [];
    EdgeShelfProcess _service;

    ShelfUnderTest(NumberedCamera camera)
    {
        Camera = camera;
        Broker = Mosquitto.Start("""
            allow_anonymous true
            persistence true
            persistence_location {folder}/
            autosave_on_changes true
            autosave_interval 1
            acl_file {folder}/acl
            """, started: false);
        AllowResults(true);
        Broker.Start();
        Link = new FaultyLink(Broker.Port);
        TinyModel.WriteTo(_folder.File("models"));
        Volume = SmallVolume.TryMount(megabytes: 16);
        _service = Start();
    }

    public NumberedCamera Camera { get; }
    public Mosquitto Broker { get; }
    public FaultyLink Link { get; }

    /// <summary>Where the outbox is; null where mounting is not allowed, and then it is an ordinary folder.</summary>
    public SmallVolume? Volume { get; }

    public int ServiceId => _service.Id;

    /// <summary>Numbers that the service said it had committed, over all its lives.</summary>
    public IReadOnlyList<long> Accepted =>
        [.. _outputs.Append(_service.Output).SelectMany(output => CommittedLine().Matches(output)).Select(line => long.Parse(line.Groups["seq"].Value, CultureInfo.InvariantCulture))];

    public string LastWords => string.Join('\n', _service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5));

    public static async Task<ShelfUnderTest> StartAsync() => new(await NumberedCamera.StartAsync());

    /// <summary>No handler runs. Safe from any thread; <see cref="Replace"/> follows.</summary>
    public void Kill() => _service.KillNine();

    /// <summary>As systemd does it.</summary>
    public void Stop() => Assert.Equal(0, _service.Terminate());

    /// <summary>A new life after the end of the last one.</summary>
    /// <param name="more">Settings.</param>
    public void Replace(params string[] more)
    {
        _outputs.Add(_service.Output);
        _service.Dispose();
        _service = Start(more);
    }

    /// <summary>Takes the right to publish results away, or gives it back.</summary>
    public void AllowResults(bool allowed)
    {
        File.WriteAllText(Path.Combine(Broker.Folder, "acl"), allowed ? EverythingAllowed : NoResults);
        if (Broker.IsRunning)
            Broker.Reload();
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        Link.Dispose();
        Broker.Dispose();
        await Camera.DisposeAsync();
        Volume?.Dispose();
        _folder.Dispose();
    }

    // In the environment that the unit gives it.
    EdgeShelfProcess Start(params string[] more) => EdgeShelfProcess.StartBy(_folder.Path,
    [
        "env", "MALLOC_ARENA_MAX=2", "DOTNET_EnableDiagnostics=0", EdgeShelfProcess.Program, "run", "--set", "Capture:Camera=http", "--set", $"Capture:Http:Url={Camera.Address}", "--set", "Capture:Interval=00:00:00.25", "--set", "Capture:Timeout=00:00:02",
        "--set", "Models:Name=tiny", "--set", $"Publish:Device={Device}", "--set", $"Publish:Broker=mqtt://127.0.0.1:{Link.Port}", "--set", "Publish:KeepAlive=00:00:05",
        "--set", $"Publish:Folder={Volume?.Path ?? _folder.Path}", "--set", "Publish:MinFreeBytes=1000000", "--set", "Web:Enabled=false", "--set", "Log:ToFile=false", .. more,
    ]);

    [GeneratedRegex(@"INF #(?<seq>\d+) ")]
    private static partial Regex CommittedLine();
}
