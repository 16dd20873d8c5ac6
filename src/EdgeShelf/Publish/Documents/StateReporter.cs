using System.Reflection;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish.Documents;

/// <summary>Writes the `…/state` document from what the device knows at the moment.</summary>
sealed class StateReporter(IOptions<PublishOptions> options, ShelfStatus status, DurableOutbox outbox, TimeProvider clock, Func<bool> isClockSynced)
{
    static readonly string Version = typeof(StateReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    readonly string _boot = BootId.Read();
    readonly long _startedAt = clock.GetTimestamp();
    readonly Lock _gate = new();
    long _nobodySubscribed;
    ResultDocument? _lastResult;
    long _lastResultSeen;
    OutboxDocument _lastOutbox = new(0, 0, null, 0, 0, 0, null);

    public void NobodySubscribed() => Interlocked.Increment(ref _nobodySubscribed);

    /// <summary>Delivered in this run to a broker that had no reader for it.</summary>
    public long NobodySubscribedCount => Interlocked.Read(ref _nobodySubscribed);

    /// <summary>What the document is written from; another one after each change worth telling.</summary>
    public StatusSnapshot Basis => status.Now;

    public StateDocument Now()
    {
        StatusSnapshot now = status.Now;
        return new StateDocument
        {
            Device = options.Value.Device,
            Boot = _boot,
            At = clock.GetUtcNow(),
            ClockSynced = isClockSynced(),
            HeartbeatS = options.Value.Heartbeat.TotalSeconds,
            UptimeS = Math.Round(clock.GetElapsedTime(_startedAt).TotalSeconds, 1),
            Version = Version,
            LastResult = now.LastResult,
            LastResultAgeS = AgeOf(now.LastResult),
            Camera = new CameraDocument(NameOf(now.Camera.State), now.Camera.Since, now.Camera.Code, now.Camera.Message),
            Model = now.Model,
            Captures = now.Captures,
            Failures = now.Failures,
            Outbox = OutboxNow(),
        };
    }

    OutboxDocument OutboxNow()
    {
        try
        {
            OutboxDepth depth = outbox.Depth;
            return _lastOutbox = new OutboxDocument(depth.Messages, depth.Bytes, depth.OldestAt, depth.Dropped, depth.Refused, NobodySubscribedCount, null);
        }
        catch (OutboxException problem)
        {
            return _lastOutbox with { Problem = problem.Message };
        }
    }

    /// <summary>Counts from when the result was first seen here, since the wall clock may have been set meanwhile.</summary>
    double? AgeOf(ResultDocument? result)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(result, _lastResult))
                (_lastResult, _lastResultSeen) = (result, clock.GetTimestamp());
            return result is null ? null : Math.Round(clock.GetElapsedTime(_lastResultSeen).TotalSeconds, 1);
        }
    }

    static string NameOf(CameraState state) => state switch
    {
        CameraState.Working => "working",
        CameraState.Failing => "failing",
        _ => "unknown",
    };
}
