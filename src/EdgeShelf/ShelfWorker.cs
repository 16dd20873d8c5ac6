using System.Text.Json.Nodes;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Web;
using EdgeShelf.Web.History;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf;

/// <summary>
/// Waits for triggers, and for each takes a picture, classifies it and writes the result to the outbox, one picture at a time. A failure
/// becomes an event, and the worker continues with the next trigger.
/// </summary>
/// <param name="copy">Makes the copies for display. Tests replace it.</param>
sealed class ShelfWorker(
    CaptureQueue queue, Camera camera, PictureInHand inHand, ShelfClassifier classifier, BayKeeper bay, BayReports reports, RecentLooks recent, ReviewKeeper review, ActiveModel models, DurableOutbox outbox, ShelfStatus status, ShelfHistory history,
    HistoryKeeper day, ShelfMetrics metrics, StageProgress progress, ILogger<ShelfWorker> log, Func<Frame, Picture, PictureCopies>? copy = null)
    : BackgroundService
{
    readonly Func<Frame, Picture, PictureCopies> _copy = copy ?? Thumbnail.CopiesOf;
    readonly HashSet<Type> _untold = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        using (ModelLease lease = models.Rent())
            log.Started(ProgramVersion.Text, lease.Model.Info, lease.Model.Threads, camera.Kind);
        inHand.Open();
        models.Changed += ReportChanged;
        models.Refused += ReportRefused;
        if (models.Problem is { } refused)
            ReportRefused(refused);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        models.Changed -= ReportChanged;
        models.Refused -= ReportRefused;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (CaptureRequest request in queue.ReadAllAsync(stoppingToken))
        {
            try
            {
                request.Outcome.TrySetResult(await CaptureAsync(request.Trigger, stoppingToken));
            }
            catch (Exception end) when (stoppingToken.IsCancellationRequested && end is OperationCanceledException or ObjectDisposedException)
            {
                // ObjectDisposedException: the picture took longer than a stop may take, and the host continued without waiting for it.
                request.Outcome.TrySetCanceled(stoppingToken);
                stoppingToken.ThrowIfCancellationRequested();
            }
            catch (PartFailedException failed)
            {
                ReportFailure(request.Trigger, failed.Part, failed.Problem);
                request.Outcome.TrySetException(failed.Problem);
            }
        }
    }

    async Task<CommittedResult> CaptureAsync(Trigger trigger, CancellationToken stoppingToken)
    {
        Frame frame = await RunAsync(DevicePart.Camera, Stage.Capture, () => camera.CaptureAsync(stoppingToken), stoppingToken);
        using IDisposable held = await RunAsync(DevicePart.Camera, Stage.Capture, () => Task.FromResult(inHand.Enter(frame)), stoppingToken);
        PictureCopies? copies = null;
        byte[]? kept = null;
        void Copy(Picture picture)
        {
            Tell(() => copies = history.NeedsThumbnail ? _copy(frame, picture) : Thumbnail.WholeOnly(frame));
            Tell(() => kept = day.CopyOf(picture));
        }
        Action<Picture>? look = history.IsWanted ? Copy : null;
        BayResult? seen = await RunAsync(DevicePart.Model, null, () => bay.LookAsync(frame, look, stoppingToken), stoppingToken);
        ShelfResult result = seen?.Result
            ?? await RunAsync(DevicePart.Model, Stage.Inference, () => Task.FromResult(classifier.Classify(frame, look)), stoppingToken);
        bool isBack = false;
        Tell(() => isBack = status.PictureTaken());
        try
        {
            CommittedResult committed = await RunAsync(
                DevicePart.Storage, Stage.Outbox, () => Task.FromResult(outbox.AppendResult(result, trigger, frame.CapturedAt, frame.File)), stoppingToken);
            if (copies is not null)
                Tell(() => history.Add(committed, copies));
            if (kept is not null)
                Tell(() => day.Keep(committed, kept));
            Tell(() => metrics.CaptureSucceeded(trigger, result));
            Tell(() => status.ResultCommitted(committed));
            IReadOnlyList<SlotChange> confirmed = [];
            if (seen is not null)
            {
                Tell(() => recent.Keep(committed.Id, seen.Look));
                Tell(() => bay.Keep(seen, (changes, before, after) =>
                {
                    confirmed = changes;
                    reports.Report(committed, seen, changes, before, after);
                }));
            }
            Tell(() => review.Offer(committed, frame, seen?.Look, confirmed, seen is null ? classifier.LastSeen : null));
            Log(committed, seen);
            return committed;
        }
        finally
        {
            if (isBack)
            {
                log.CameraIsBack(camera.Kind);
                TryAppendEvent(EventTypes.CameraBack, $"The camera `{camera.Kind}` works again.", null);
            }
        }
    }

    void Log(CommittedResult committed, BayResult? seen)
    {
        (ShelfResult result, string picture, double total) = (committed.Result, committed.Result.Image.Name ?? committed.Result.Image.Source, committed.Result.Timings.Total.TotalMilliseconds);
        if (seen is null)
            log.Captured(committed.Seq, committed.Trigger, picture, result.Slots[0].Best?.Label ?? "no product", result.Slots[0].Best?.Confidence ?? 0, result.Slots[0].ReviewReason ?? "sure", total);
        else if (committed.Trigger == Trigger.Confirm)
            log.LookedAgain(committed.Seq, seen.State.Available, seen.State.Expected, seen.Look.Run, seen.Look.View, total);
        else
            log.Looked(committed.Seq, committed.Trigger, picture, seen.State.Available, seen.State.Expected, seen.Look.Run, seen.Look.View, total);
    }

    /// <summary>
    /// Runs a step that only shows a picture or its result: the copies for display, the history, the metrics, the status. The result does not
    /// depend on it.
    /// </summary>
    void Tell(Action step)
    {
        try
        {
            step();
        }
        catch (Exception problem)
        {
            // Catch everything: nothing that is only for display may cost a result or end the service. Each kind of problem is logged once, because it can
            // come with every picture.
            if (_untold.Add(problem.GetType()))
                log.NotShown(problem);
        }
    }

    /// <summary>Runs one step of a picture and adds the part of the device that failed to its exception.</summary>
    /// <param name="stage">What the watchdog times, or null if the step tells it itself.</param>
    async Task<T> RunAsync<T>(DevicePart part, Stage? stage, Func<Task<T>> step, CancellationToken stoppingToken)
    {
        try
        {
            using IDisposable? work = stage is { } timed ? progress.Enter(timed) : null;
            return await step();
        }
        catch (Exception problem) when (!(stoppingToken.IsCancellationRequested && problem is OperationCanceledException or ObjectDisposedException))
        {
            // Catch everything: a failure of a camera, a decoder, the network or the disk with one picture must not prevent the next one.
            throw new PartFailedException(problem is PictureException ? DevicePart.Camera : part, EdgeShelfException.From(problem));
        }
    }

    void ReportFailure(Trigger trigger, DevicePart part, EdgeShelfException problem)
    {
        if (problem.Code == CaptureException.NoCamera)
        {
            ReportNoCamera(trigger, problem);
            return;
        }
        Tell(() => metrics.CaptureFailed(trigger, problem.Code));
        bool isNew = true;
        Tell(() => isNew = status.CaptureFailed(part, problem.Code, problem.Message));
        if (!isNew)
            log.CaptureFailedAgain(problem.Code, problem.Message);
        else if (problem.Code == EdgeShelfException.Internal)
            log.CaptureFailedUnexpectedly(problem.InnerException ?? problem, problem.Code, problem.Message);
        else
            log.CaptureFailed(problem.Code, problem.Message, problem.Hint);
        if (part != DevicePart.Storage)
            TryAppendEvent(EventTypes.CaptureFailed, problem.Message, new JsonObject { ["code"] = problem.Code, ["trigger"] = TriggerNames.Of(trigger), ["camera"] = camera.Kind, ["hint"] = problem.Hint });
    }

    /// <summary>A device without a camera waits for one. It says so once, to its log and to the backend, and counts no failures.</summary>
    void ReportNoCamera(Trigger trigger, EdgeShelfException problem)
    {
        bool isNew = true;
        Tell(() => isNew = status.CameraIsAbsent(problem.Code, problem.Message));
        if (!isNew)
            return;
        log.NoCameraYet(problem.Message, problem.Hint);
        TryAppendEvent(EventTypes.CaptureFailed, problem.Message, new JsonObject { ["code"] = problem.Code, ["trigger"] = TriggerNames.Of(trigger), ["camera"] = camera.Kind, ["hint"] = problem.Hint });
    }

    void ReportChanged(ModelInfo from, ModelInfo to)
    {
        log.ModelChanged(from, to);
        status.Touch();
        TryAppendEvent(EventTypes.ModelChanged, $"{to.Name} {to.Version} is in use.", new JsonObject { ["from"] = Node(from), ["to"] = Node(to) });
    }

    void ReportRefused(EdgeShelfException problem)
    {
        ModelInfo inUse = models.Info;
        log.ModelRefused(inUse, problem.Message, problem.Hint);
        status.Touch();
        TryAppendEvent(EventTypes.ModelRefused, problem.Message, new JsonObject { ["in_use"] = Node(inUse), ["hint"] = problem.Hint });
    }

    static JsonNode Node(ModelInfo model) => PublishJson.Node(ModelDocument.Of(model), PublishJson.Wire.ModelDocument);

    void TryAppendEvent(string type, string message, JsonNode? data)
    {
        using IDisposable work = progress.Enter(Stage.Outbox);
        outbox.TryAppendEvent(type, message, data);
    }

    /// <summary>Passes a problem and the part that failed from the step to the loop.</summary>
    sealed class PartFailedException(DevicePart part, EdgeShelfException problem) : Exception(problem.Message, problem)
    {
        public DevicePart Part => part;
        public EdgeShelfException Problem => problem;
    }
}
