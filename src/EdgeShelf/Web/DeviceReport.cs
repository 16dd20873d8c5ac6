using System.Reflection;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

/// <summary>Puts together what the page shows of the device, and what a person should know about it.</summary>
sealed class DeviceReport(
    IOptions<PublishOptions> publish, IOptions<CaptureOptions> capture, ShelfStatus status, ShelfHistory history, ShelfClassifier classifier, DurableOutbox outbox, TimeProvider clock)
{
    public static string Version { get; } = typeof(DeviceReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    readonly long _startedAt = clock.GetTimestamp();

    public DeviceState Now()
    {
        StatusSnapshot now = status.Now;
        CaptureOptions camera = capture.Value;
        bool hasTimer = camera.Interval > TimeSpan.Zero && !(camera is { Camera: CameraKinds.Folder, Folder.Watch: true });
        (long Free, long Total)? disk = DeviceSensors.Disk(publish.Value.Folder);
        DeviceState state = new()
        {
            Device = publish.Value.Device,
            Version = Version,
            At = clock.GetUtcNow(),
            UptimeS = SecondsSince(_startedAt),
            IntervalS = hasTimer ? camera.Interval.TotalSeconds : null,
            Camera = new CameraReport(camera.Camera, now.Camera.State.ToString().ToLowerInvariant(), now.Camera.Since, now.Camera.Code, now.Camera.Message),
            Broker = new BrokerReport(now.BrokerConnected, now.BrokerSince, now.BrokerProblem),
            Outbox = OutboxNow(),
            Model = classifier.Model.Info,
            DiskFreeBytes = disk?.Free,
            DiskTotalBytes = disk?.Total,
            TemperatureC = DeviceSensors.Temperature(),
            MemoryBytes = Environment.WorkingSet,
            Captures = now.Captures,
            Failures = now.Failures,
            LastResult = now.LastResult,
            LastResultAgeS = history.Latest is { } latest ? SecondsSince(latest.Timestamp) : null,
        };
        return state with { Troubles = [.. DeviceTroubles.Of(state, publish.Value.MinFreeBytes)] };
    }

    OutboxReport OutboxNow()
    {
        try
        {
            OutboxDepth depth = outbox.Depth;
            return new OutboxReport(depth.Messages, depth.Bytes, depth.OldestAt, depth.Dropped, depth.Refused, null);
        }
        catch (OutboxException problem)
        {
            return new OutboxReport(0, 0, null, 0, 0, problem.Message);
        }
    }

    double SecondsSince(long timestamp) => Math.Round(clock.GetElapsedTime(timestamp).TotalSeconds, 1);
}
