using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf;

/// <summary>
/// Trigger, capture, classify, outbox: one picture at a time, for as long as the service runs. What goes wrong with one
/// picture becomes an event, and the next trigger finds the worker ready.
/// </summary>
sealed class ShelfWorker(
    CaptureQueue queue, Camera camera, ShelfClassifier classifier, ModelSwitch modelSwitch, DurableOutbox outbox, ShelfStatus status, ShelfHistory history,
    ShelfMetrics metrics, StageProgress progress, ILogger<ShelfWorker> log)
    : BackgroundService
{
    /// <summary>The code of a result that could not be kept: the disk, not the camera, is at fault.</summary>
    public const string OutboxFailed = "outbox-failed";

    static readonly string Version = typeof(ShelfWorker).Assembly.GetName().Version!.ToString(3);

    /// <summary>Stable, for machines; what `…/state`, events and metrics call a failure.</summary>
    public static string CodeOf(EdgeShelfException problem) => problem switch
    {
        CaptureException capture => capture.Code,
        PictureException picture => picture.Code,
        OutboxException => OutboxFailed,
        _ => "internal",
    };

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        status.ModelLoaded(classifier.Model.Info);
        log.Started(Version, classifier.Model.Info, classifier.Model.Threads, camera.Kind);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (modelSwitch.RefusedAtStart is { } refused)
            ReportRefused(classifier.Model.Info, refused);
        await foreach (CaptureRequest request in queue.ReadAllAsync(stoppingToken))
        {
            SwitchModel();
            try
            {
                request.Outcome.TrySetResult(await CaptureAsync(request.Trigger, stoppingToken));
            }
            catch (Exception end) when (stoppingToken.IsCancellationRequested && end is OperationCanceledException or ObjectDisposedException)
            {
                // Disposed: the picture took longer than a stop may, and the host went on without it.
                request.Outcome.TrySetCanceled(stoppingToken);
                stoppingToken.ThrowIfCancellationRequested();
            }
            catch (EdgeShelfException problem)
            {
                ReportFailure(request.Trigger, problem);
                request.Outcome.TrySetException(problem);
            }
        }
    }

    /// <summary>Between two pictures: takes what `model use` chose; when that is damaged, the model that works stays.</summary>
    void SwitchModel()
    {
        ModelInfo before = classifier.Model.Info;
        try
        {
            if (modelSwitch.TakeChange() is not { } next)
                return;
            classifier.Replace(next);
            status.ModelLoaded(next.Info);
            log.ModelChanged(before, next.Info);
            TryAppendEvent(EventTypes.ModelChanged, $"{next.Info.Name} {next.Info.Version} is in use.", new { from = before, to = next.Info });
        }
        catch (EdgeShelfException problem)
        {
            ReportRefused(before, problem);
        }
    }

    void ReportRefused(ModelInfo inUse, EdgeShelfException problem)
    {
        log.ModelRefused(inUse, problem.Message, problem.Hint);
        TryAppendEvent(EventTypes.ModelRefused, problem.Message, new { in_use = inUse, hint = problem.Hint });
    }

    async Task<ResultDocument> CaptureAsync(Trigger trigger, CancellationToken cancellationToken)
    {
        Frame frame;
        using (progress.Enter(Stage.Capture))
            frame = await camera.CaptureAsync(cancellationToken);
        ShelfResult result;
        using (progress.Enter(Stage.Inference))
            result = classifier.Classify(frame);
        ResultDocument document;
        using (progress.Enter(Stage.Outbox))
            document = outbox.AppendResult(result, trigger, frame.CapturedAt);
        history.Add(document, frame);
        metrics.CaptureSucceeded(trigger, result);
        if (status.CaptureSucceeded(document))
        {
            log.CameraIsBack(camera.Kind);
            TryAppendEvent(EventTypes.CameraBack, $"The camera `{camera.Kind}` gives pictures again.", null);
        }
        SlotResult slot = document.Slots[0];
        log.Captured(
            document.Seq, trigger, frame.Name ?? frame.Source, slot.Top[0].Label, slot.Top[0].Confidence,
            slot.ReviewReason ?? "sure", document.TimingsMs.Total);
        return document;
    }

    void ReportFailure(Trigger trigger, EdgeShelfException problem)
    {
        string code = CodeOf(problem);
        metrics.CaptureFailed(trigger, code);
        if (status.CaptureFailed(code, problem.Message))
            log.CaptureFailed(code, problem.Message, problem.Hint);
        else
            log.CaptureFailedAgain(code, problem.Message);
        if (problem is not OutboxException)
            TryAppendEvent(EventTypes.CaptureFailed, problem.Message, new { code, trigger, camera = camera.Kind, hint = problem.Hint });
    }

    void TryAppendEvent(string type, string message, object? data)
    {
        using IDisposable work = progress.Enter(Stage.Outbox);
        outbox.TryAppendEvent(type, message, data);
    }
}
