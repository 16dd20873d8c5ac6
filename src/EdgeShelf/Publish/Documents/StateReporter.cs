using EdgeShelf.Platform;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish.Documents;

/// <summary>Creates the `…/state` document from the current state of the device.</summary>
/// <param name="modelInUse">Returns the model in use, or null before one is loaded.</param>
/// <param name="interval">Returns the interval of the timer, or is null where there are no pictures of a timer.</param>
sealed class StateReporter(
    IOptions<PublishOptions> options, ShelfStatus status, Func<ModelInfo?> modelInUse, DurableOutbox outbox, TimeProvider clock, Func<bool> isClockSynced,
    TimerInterval? interval = null)
{
    readonly string _boot = BootId.Read();
    readonly long _startedAt = clock.GetTimestamp();
    long _nobodySubscribed;
    volatile BrokerDocument _broker = new([], null, []);

    /// <summary>What the sender learned about the broker. Only the sender sets it, and the sender also signals the change.</summary>
    public BrokerDocument Broker
    {
        get => _broker;
        set => _broker = value;
    }

    public void NobodySubscribed() => Interlocked.Increment(ref _nobodySubscribed);

    /// <summary>The number of messages delivered in this run to a broker without a subscriber for them.</summary>
    public long NobodySubscribedCount => Interlocked.Read(ref _nobodySubscribed);

    /// <summary>The snapshot that the document is created from. It is a different one after each change that must be published.</summary>
    public StatusSnapshot Basis => status.Now;

    public StateDocument Now()
    {
        StatusSnapshot now = status.Now;
        OutboxFill fill = outbox.Fill;
        OutboxDepth depth = fill.Depth;
        return new StateDocument
        {
            Device = options.Value.Device,
            Boot = _boot,
            At = clock.GetUtcNow(),
            ClockSynced = isClockSynced(),
            HeartbeatS = options.Value.Heartbeat.TotalSeconds,
            UptimeS = Math.Round(clock.GetElapsedTime(_startedAt).TotalSeconds, 1),
            Version = ProgramVersion.Text,
            LastResult = now.LastResult is { } last ? ResultDocument.Of(last) : null,
            LastResultAgeS = status.LastResultAge is { } age ? Math.Round(age.TotalSeconds, 1) : null,
            Camera = new CameraDocument(now.Camera.StateName, now.Camera.Since, now.Camera.Code, now.Camera.Message),
            Model = modelInUse() is { } model ? ModelDocument.Of(model) : null,
            IntervalS = interval?.Invoke() is { Ticks: > 0 } every ? every.TotalSeconds : null,
            Captures = now.Captures,
            Failures = now.Failures,
            ReviewWaiting = now.ReviewWaiting,
            Outbox = new OutboxDocument(
                depth.Messages, depth.Bytes, depth.OldestAt, depth.Dropped, depth.Refused, NobodySubscribedCount, fill.Problem ?? now.Storage.Message),
            Broker = Broker,
        };
    }
}
