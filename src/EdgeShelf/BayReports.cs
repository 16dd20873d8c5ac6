using EdgeShelf.Pictures;
using EdgeShelf.Publish;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf;

/// <summary>Tells the backend and the log what happens to the bay: confirmed changes, a moved camera, other slots and another planogram.</summary>
sealed class BayReports(PlanStore plan, BayKeeper bay, ShelfEvents events, ILogger<BayReports> log) : IHostedService
{
    DateTimeOffset _movedSince;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        bay.Restore();
        plan.Changed += Report;
        if (plan.ProblemText is { } problem)
            log.PlanProblem(problem);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        plan.Changed -= Report;
        return Task.CompletedTask;
    }

    /// <summary>Reports what a look changed.</summary>
    /// <param name="committed">The result of the look.</param>
    /// <param name="changes">The confirmed changes.</param>
    public void Report(CommittedResult committed, BayResult result, IReadOnlyList<SlotChange> changes, BayView before, BayView after)
    {
        foreach (SlotChange change in changes)
        {
            log.SlotChanged(change.Slot, change.From, change.To, change.Expected?.Label ?? "nothing", change.Seen ?? "unknown");
            events.Report(change, committed);
        }
        if (after == BayView.CameraMoved && before != BayView.CameraMoved)
        {
            _movedSince = result.State.ViewSince;
            log.CameraMoved(result.Look.Problem ?? "another-view");
            events.CameraMoved(_movedSince, result.Look.Problem ?? "another-view");
        }
        if (before == BayView.CameraMoved && after == BayView.Clear)
        {
            log.CameraSettled();
            events.CameraSettled(result.State.ViewSince, _movedSince == default ? TimeSpan.Zero : result.State.ViewSince - _movedSince);
        }
        if (changes.Count > 0 && events.WantsEvidence)
            ReportEvidence(result.Look, changes);
    }

    /// <summary>Cuts the changed slots out of the picture. A picture that cannot be cut does not prevent the change from being reported.</summary>
    void ReportEvidence(BayLook look, IReadOnlyList<SlotChange> changes)
    {
        SlotLook[] changed = [.. look.Slots.Where(slot => changes.Any(change => change.Slot == slot.Slot.Name))];
        try
        {
            using Picture picture = PictureDecoder.Decode(look.Frame, [.. changed.Select(slot => slot.Region)], RegionJpeg.MaxSide);
            foreach (SlotLook slot in changed)
                events.ReportEvidence(slot.Slot.Name, RegionJpeg.Of(picture, slot.Region));
        }
        catch (Exception problem) when (problem is PictureException or InvalidOperationException or OutOfMemoryException)
        {
            log.EvidenceNotCut(problem.Message);
        }
    }

    void Report(PlanChange change)
    {
        bay.Follow();
        if (change.SlotsChanged && !change.SlotsBefore.Slots.SequenceEqual(change.Slots.Slots))
        {
            log.SlotsChanged(change.Slots.Slots.Count, change.By);
            events.SlotsChanged(change.Slots, change.By);
        }
        if (change.PlanogramChanged)
        {
            log.PlanogramChanged(change.Planogram?.Name ?? "none", change.Planogram?.Version ?? "", change.By);
            events.PlanogramChanged(change.Planogram?.Id, change.PlanogramBefore?.Id, change.By);
        }
    }
}
