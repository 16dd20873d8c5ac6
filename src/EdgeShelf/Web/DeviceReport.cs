using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

/// <summary>Collects what the page shows about the device, including the problems that need attention.</summary>
sealed class DeviceReport(
    IOptions<PublishOptions> publish, Camera camera, CaptureInterval interval, ShelfStatus status, ShelfHistory history, ActiveModel models, PlanStore plan, DurableOutbox outbox, TimeProvider clock)
{
    readonly long _startedAt = clock.GetTimestamp();

    public DeviceState Now()
    {
        StatusSnapshot now = status.Now;
        TimeSpan? timer = interval.Current > TimeSpan.Zero ? interval.Current : null;
        VolumeSpace? disk = VolumeSpace.Of(publish.Value.Folder);
        OutboxFill fill = outbox.Fill;
        OutboxDepth depth = fill.Depth;
        DeviceState state = new()
        {
            Device = publish.Value.Device,
            Version = ProgramVersion.Text,
            At = clock.GetUtcNow(),
            UptimeS = Math.Round(clock.GetElapsedTime(_startedAt).TotalSeconds, 1),
            IntervalS = timer?.TotalSeconds,
            PictureEveryS = timer is null ? null : PictureEvery()?.TotalSeconds,
            Camera = new CameraReport(camera.Kind, now.Camera.StateName, now.Camera.Since, now.Camera.Code, now.Camera.Message),
            Broker = new BrokerReport(now.BrokerConnected, now.BrokerSince, now.BrokerProblem),
            Outbox = new OutboxReport(depth.Messages, depth.Bytes, depth.OldestAt, depth.Dropped, depth.Refused, fill.Problem ?? now.Storage.Message),
            Model = ModelDocument.Of(models.Info),
            ModelProblem = now.Model.Message ?? models.Problem?.Message,
            PlanProblem = plan.ProblemText,
            DiskFreeBytes = disk?.Free,
            DiskTotalBytes = disk?.Total,
            TemperatureC = Thermometer.Read(),
            MemoryBytes = Environment.WorkingSet,
            Captures = now.Captures,
            Failures = now.Failures,
            ReviewWaiting = now.ReviewWaiting,
            ReviewNewest = now.ReviewNewest,
            LastResult = now.LastResult is { } last ? ResultDocument.Of(last) : null,
            LastResultAgeS = status.LastResultAge is { } age ? Math.Round(age.TotalSeconds, 1) : null,
        };
        return state with { Troubles = [.. DeviceTroubles.Of(state, publish.Value.MinFreeBytes)] };
    }

    /// <summary>The median of the last three times between pictures of the timer, or null if there are not as many.</summary>
    TimeSpan? PictureEvery()
    {
        DateTimeOffset[] times = [.. history.OldestFirst.Where(past => past.Result.Trigger == Trigger.Timer).TakeLast(4).Select(past => past.Result.CapturedAt)];
        TimeSpan[] between = [.. times.Zip(times.Skip(1), (first, second) => second - first).Order()];
        return between.Length == 3 ? TimeSpan.FromSeconds(Math.Round(Math.Max(0, between[1].TotalSeconds), 1)) : null;
    }
}
