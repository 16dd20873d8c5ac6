using EdgeShelf.Capture.Triggers;
using EdgeShelf.Logging;
using EdgeShelf.Pictures;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;
using Serilog.Core;

namespace EdgeShelf.Tests.Support;

/// <summary>Outbox and sender as the service has them, on the real clock, with a log that a test can read.</summary>
sealed class Publisher : IAsyncDisposable
{
    readonly TemporaryFolder? _ownFolder;
    MqttSender? _sender;

    public Publisher(Mosquitto broker, Action<PublishOptions>? configure = null, string? folder = null)
        : this(broker.Uri, configure, folder)
    {
    }

    public Publisher(string broker, Action<PublishOptions>? configure = null, string? folder = null)
    {
        _ownFolder = folder is null ? new TemporaryFolder() : null;
        Folder = folder ?? _ownFolder!.Path;
        Options = new PublishOptions { Device = "shelf-07", Broker = broker, KeepAlive = TimeSpan.FromSeconds(5), Folder = Folder };
        configure?.Invoke(Options);
        Status = new ShelfStatus(TimeProvider.System);
        Outbox = new DurableOutbox(Folder, Options, TimeProvider.System, () => true, () => long.MaxValue, Log.For<DurableOutbox>());
        State = new StateReporter(Microsoft.Extensions.Options.Options.Create(Options), Status, () => SomeResult.Model, Outbox, TimeProvider.System, () => true, () => Interval.Current);
    }

    public string Folder { get; }
    public PublishOptions Options { get; }
    public DurableOutbox Outbox { get; }
    public ShelfStatus Status { get; }
    public ShelfHistory History { get; } = new(TimeProvider.System, isPublished: true);
    public BayStatus Bay { get; } = new(TimeProvider.System);
    public EvidenceQueue Evidence { get; } = new();
    public FleetLink Fleet { get; } = new();
    public CaptureQueue Captures { get; } = new();
    public CaptureInterval Interval { get; } = new(TimeSpan.FromMinutes(1));

    /// <summary>The sender's; a test may put it forward.</summary>
    public ShiftedClock Clock { get; } = new();
    public LoggingLevelSwitch LogLevel { get; } = new();
    public MemoryLog Log { get; } = new();
    public StateReporter State { get; }

    public Publisher Start()
    {
        IOptions<PublishOptions> options = Microsoft.Extensions.Options.Options.Create(Options);
        _sender = new MqttSender(options, Outbox, Status, History, State, Bay, Evidence, new RequestHandler(Commands(State)), new StageProgress(TimeProvider.System), Clock, Log.For<MqttSender>(), Fleet);
        _sender.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return this;
    }

    /// <summary>What the features register.</summary>
    RequestCommand[] Commands(StateReporter state) =>
    [
        CaptureCommand.Create(Captures, TimeProvider.System), new RequestCommand("status", "", _ => PublishJson.Node(state.Now(), PublishJson.Wire.StateDocument)),
        IntervalCommand.Create(Interval), LogLevelCommand.Create(LogLevel),
    ];

    /// <summary>What the worker reports of the bay.</summary>
    public ShelfEvents Events => new(Outbox, Bay, Evidence, Microsoft.Extensions.Options.Options.Create(Options), new StageProgress(TimeProvider.System));

    /// <summary>What the worker does with a picture.</summary>
    public CommittedResult Capture(string label = "Granny-Smith")
    {
        CommittedResult committed = Outbox.AppendResult(SomeResult.Of(label), Trigger.Timer, TimeProvider.System.GetUtcNow());
        Status.PictureTaken();
        Status.ResultCommitted(committed);
        return committed;
    }

    /// <summary>As <see cref="Capture"/>, with a picture for people to look at.</summary>
    public void CapturePicture()
    {
        CommittedResult committed = Outbox.AppendResult(SomeResult.Of(), Trigger.Timer, TimeProvider.System.GetUtcNow());
        Frame frame = new(PicturesOf.Scene(), "folder", null, committed.CapturedAt, TimeSpan.Zero);
        using Picture picture = PictureDecoder.Decode(frame);
        History.Add(committed, Thumbnail.CopiesOf(frame, picture));
        Status.ResultCommitted(committed);
    }

    public async Task StopAsync()
    {
        if (_sender is not null)
            await _sender.StopAsync(CancellationToken.None);
        _sender?.Dispose();
        _sender = null;
    }

    public Task ConnectedAsync(int seconds = 40) => Wait.UntilAsync(() => Status.Now.BrokerConnected, TimeSpan.FromSeconds(seconds), $"connected; {Status.Now.BrokerProblem}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Outbox.Dispose();
        _ownFolder?.Dispose();
    }
}
