using System.Globalization;
using System.Text.RegularExpressions;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

/// <summary>The real service between a camera, a disk, a link and a broker that can each be made to fail.</summary>
sealed partial class ShelfUnderTest : IAsyncDisposable
{
    const string Device = "chaos";
    const string EverythingAllowed = "topic readwrite #\n";

    /// <summary>What all topics of the device begin with.</summary>
    public const string Topics = $"edgeshelf/{Device}";

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
        Deny();
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

    /// <summary>How often the service said this, over all its lives.</summary>
    public int TimesSaid(string words) => _outputs.Append(_service.Output).Sum(output => output.AsSpan().Count(words));

    /// <summary>Where its page is, in each life.</summary>
    public Uri Page { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

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

    /// <summary>Takes the right to publish on topics of the device away, and gives back what was taken before.</summary>
    /// <param name="topics">The end of each topic.</param>
    public void Deny(params string[] topics)
    {
        File.WriteAllText(Path.Combine(Broker.Folder, "acl"), string.Concat(topics.Select(topic => $"topic deny {Topics}/{topic}\n")) + EverythingAllowed);
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
        "--set", $"Publish:Folder={Volume?.Path ?? _folder.Path}", "--set", "Publish:MinFreeBytes=1000000", "--set", "Publish:Image=true",
        // There is no such chip, so that the LED is out of order all the time.
        "--set", "Capture:Gpio:Chip=no-such-chip", "--set", "Capture:Gpio:Led:Line=17", "--set", $"Web:Port={Page.Port}", "--set", "Log:ToFile=false", .. more,
    ]);

    [GeneratedRegex(@"INF #(?<seq>\d+) ")]
    private static partial Regex CommittedLine();
}
