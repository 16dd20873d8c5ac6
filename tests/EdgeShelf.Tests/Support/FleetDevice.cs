using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Apply;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A device of a fleet without camera and broker: the real models, slots, examples and fleet, in a folder that outlives it. The test
/// is the broker and hands over what it would send.
/// </summary>
sealed class FleetDevice : IAsyncDisposable
{
    public const string Name = "shelf-07";
    public const string Group = "canary";

    readonly IHost _host;
    long _seq;
    string _ofGroup = "";

    /// <param name="settingsCheck">What the configuration says of settings; null: all are good.</param>
    public FleetDevice(string folder, IEnumerable<KeyValuePair<string, string?>>? settings = null, SettingsCheck? settingsCheck = null)
    {
        Folder = folder;
        Install(folder);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:Name"] = TinyModel.Name,
            ["Models:Trained"] = Path.Combine(folder, "models"),
            ["Publish:Device"] = Name,
            ["Publish:Folder"] = folder,
            ["Shelf:State"] = folder,
            ["Vision:Threads"] = "1",
            ["Fleet:Group"] = Group,
            ["Fleet:KeyFile"] = Path.Combine(folder, "fleet.pub"),
            ["Fleet:AllowLocalAddresses"] = "true",
            ["Fleet:Spread"] = "0",
            ["Fleet:MinFreeBytes"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<CaptureQueue>();
        builder.Services.AddSingleton<ShelfStatus>();
        builder.Services.AddSingleton<StageProgress>();
        builder.Services.AddSingleton<FleetLink>();
        builder.Services.AddOptions<PublishOptions>().BindSettings(PublishOptions.Section, PublishJson.Default.PublishOptions);
        PublishOptions publish = new() { Device = Name, Folder = folder };
        builder.Services.AddSingleton(services => new DurableOutbox(folder, publish, Clock, () => true, () => long.MaxValue, services.GetRequiredService<ILogger<DurableOutbox>>()));
        builder.Services.AddSingleton(settingsCheck ?? (_ => []));
        builder.AddRecognition();
        builder.AddTeaching();
        builder.AddFleet();
        _host = builder.Build();
        _host.Services.GetRequiredService<DurableOutbox>().Open();
    }

    public string Folder { get; }

    /// <summary>The device's clock. Timers run in real time.</summary>
    public ShiftedClock Clock { get; } = new();
    public TextLog Log { get; } = new();
    public ActiveModel Models => _host.Services.GetRequiredService<ActiveModel>();
    public PlanStore Plan => _host.Services.GetRequiredService<PlanStore>();
    public ExampleStore Examples => _host.Services.GetRequiredService<ExampleStore>();
    public SettingsOverlay Overlay => new(Folder);

    /// <summary>Whether it asked to be started again.</summary>
    public bool HasEnded => _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>What it last reported, or null.</summary>
    public ReportedDocument? Report => Link.Report is { } json && ReportedDocument.TryParse(json, out ReportedDocument? report) ? report : null;

    FleetLink Link => _host.Services.GetRequiredService<FleetLink>();

    /// <summary>Gives a new device its model and the key of this process's chain.</summary>
    public static void Install(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "models")))
            return;
        TinyModel.WriteTo(Path.Combine(folder, "models"));
        File.WriteAllText(Path.Combine(folder, "fleet.pub"), FleetModel.Keys.Public);
    }

    /// <summary>Starts it, and lets the broker send what it retains.</summary>
    public async Task<FleetDevice> StartAsync(string? own = null, string? ofGroup = null)
    {
        await _host.StartAsync(CancellationToken.None);
        Subscribe(own, ofGroup);
        return this;
    }

    /// <summary>As at each connection to the broker.</summary>
    public void Subscribe(string? own = null, string? ofGroup = null)
    {
        Link.Subscribing();
        if (ofGroup is not null)
            SendToGroup(ofGroup);
        if (own is not null)
            Send(own);
        Link.Subscribed();
    }

    public void Send(string json) => Accept(new DeviceTopics(Name).Desired, json);

    public void SendToGroup(string json)
    {
        _ofGroup = json;
        Accept(DeviceTopics.DesiredOfGroup(Group), json);
    }

    /// <summary>Waits for a report, and puts the clock forward so that nothing takes real minutes.</summary>
    public async Task<ReportedDocument> UntilAsync(Func<ReportedDocument, bool> condition, string what, TimeSpan? step = null)
    {
        bool hasCome = await Wait.TryUntilAsync(
            () =>
            {
                PutForward(step ?? TimeSpan.FromMilliseconds(100));
                return Report is { } report && condition(report);
            }, TimeSpan.FromSeconds(60));
        Assert.True(hasCome, $"Not within a minute: {what}; {(Link.Report is { } json ? System.Text.Encoding.UTF8.GetString(json) : "no report")}; {string.Join("\n", Log.Lines.TakeLast(10))}");
        return Report!;
    }

    /// <summary>Puts the clock forward, and lets the device look at it.</summary>
    public void PutForward(TimeSpan by)
    {
        Clock.PutForward(by);
        // What is known already only wakes it.
        SendToGroup(_ofGroup);
    }

    public Task<ReportedDocument> UntilAsync(string status, int version, TimeSpan? step = null) =>
        UntilAsync(report => report.Status == status && report.DesiredVersion == version && (status != FleetStatus.Applied || report.Step != FleetStep.Applying), $"{status} {version}", step);

    /// <summary>A result as the worker reports it.</summary>
    public void Result(bool review = false, double milliseconds = 40)
    {
        ShelfResult result = SomeResult.Of();
        result = result with
        {
            Model = Models.Info,
            Slots = [result.Slots[0] with { NeedsReview = review, ReviewReason = review ? "low-confidence" : null }],
            Timings = result.Timings with { Inference = TimeSpan.FromMilliseconds(milliseconds) },
        };
        ShelfStatus status = _host.Services.GetRequiredService<ShelfStatus>();
        status.PictureTaken();
        status.ResultCommitted(new CommittedResult($"{Name}-{++_seq}", Name, _seq, "", Clock.GetUtcNow(), true, Trigger.Timer, result, Clock.GetTimestamp(), Guid.NewGuid()));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    void Accept(string topic, string payload) => Assert.True(Link.TryAccept(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).Build()));
}
