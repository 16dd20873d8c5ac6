using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// Looks at the bay with each picture of the camera and keeps what was confirmed. It joins the pure <see cref="BayTimeline"/> with the slots
/// in force, the examples and the disk. One picture at a time.
/// </summary>
/// <param name="plan">Returns what the picture is judged by now. A plan without slots means that the whole picture is one place.</param>
/// <param name="reference">Returns the picture on which the slots in force were drawn, or null.</param>
/// <param name="adopt">Keeps a frame as the reference picture of slots that have none.</param>
sealed class BayKeeper(
    Func<BayPlan> plan, Func<SlotMap, ReferenceView?> reference, Action<Frame, ImageInfo> adopt, BayReader reader, BayMemoryFile file, BayStatus status, LatestLook latest, SlotPatience patience, TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly BayTimeline _timeline = new(patience);
    readonly List<SlotChange> _unreported = [];
    BayView _reportedView;

    /// <summary>Whether another picture is wanted soon, because a change is not confirmed. Raised after each look.</summary>
    public event Action<bool>? Looked;

    /// <summary>Looks at one picture. If slots or planogram change meanwhile, it looks again by the new ones.</summary>
    /// <param name="look">A callback that gets the decoded picture once, or null.</param>
    /// <returns>What was seen, or null if no slots are set: then the whole picture is one place.</returns>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    /// <exception cref="NetworkException">The network failed.</exception>
    public async Task<BayResult?> LookAsync(Frame frame, Action<Picture>? look, CancellationToken cancellationToken)
    {
        while (plan() is { Slots.IsEmpty: false } now)
        {
            BayReading reading = await reader.ReadAsync(frame, now, reference(now.Slots), look, cancellationToken);
            look = null;
            if (Take(reading, now) is not { } result)
                continue;
            if (now.Slots.Reference is null && reading.Look.View == BayView.Clear)
                adopt(frame, reading.Image);
            return result;
        }
        return null;
    }

    /// <summary>Takes what was read by a plan, unless that plan is no longer in force.</summary>
    BayResult? Take(BayReading reading, BayPlan by)
    {
        lock (_gate)
        {
            BayPlan now = plan();
            if (now.Slots != by.Slots || now.Planogram != by.Planogram)
                return null;
            BayStep step = _timeline.Take(reading.Look, by);
            latest.Now = reading.Look;
            _unreported.AddRange(step.Changes);
            return new BayResult(ResultOf(reading, step.State, by), step.State, reading.Look);
        }
    }

    /// <summary>
    /// Keeps what a look changed, after its result is on disk. What could not be reported before, because a result could not be written, is
    /// reported now. A power cut before the end repeats a report; none is lost.
    /// </summary>
    /// <param name="report">Puts the changes into the outbox. The views are those before and after.</param>
    public void Keep(BayResult result, Action<IReadOnlyList<SlotChange>, BayView, BayView> report)
    {
        SlotChange[] changes = [.. _unreported];
        (BayView before, BayView after) = (_reportedView, result.State.View);
        status.Set(result.State, changes);
        report(changes, before, after);
        (_reportedView, int known) = (after, changes.Length);
        _unreported.RemoveRange(0, known);
        file.Write(status.Now, isUrgent: known > 0 || before != after);
        Looked?.Invoke(_timeline.IsPending);
    }

    /// <summary>Continues with what an earlier run confirmed. Call it once at the start.</summary>
    public void Restore()
    {
        BayPlan now = plan();
        lock (_gate)
        {
            if (!now.Slots.IsEmpty && file.Read() is { } record)
            {
                _timeline.Restore(record.State, now);
                _reportedView = record.State.View;
                status.Restore(record with { State = _timeline.State });
            }
            else
                status.Restore(status.Now with { State = _timeline.Refresh(now, clock.GetUtcNow()) });
        }
    }

    /// <summary>Follows a change of slots or planogram at once, and wants a picture soon.</summary>
    public void Follow()
    {
        BayPlan now = plan();
        lock (_gate)
        {
            status.Set(_timeline.Refresh(now, clock.GetUtcNow()), []);
            file.Write(status.Now, isUrgent: true);
        }
        if (now.Slots.IsEmpty)
            latest.Now = null;
        Looked?.Invoke(!now.Slots.IsEmpty);
    }

    static ShelfResult ResultOf(BayReading reading, BayState state, BayPlan plan)
    {
        SlotResult[] slots = [.. reading.Look.Slots.Zip(state.Slots, (look, slot) => SlotResults.Of(look, reading.Look.View, slot))];
        return new ShelfResult(reading.Image, reading.Model, slots, reading.Timings)
        {
            Planogram = plan.Planogram?.Id,
            Cached = reading.Look is { View: BayView.Clear, Run: 0 },
        };
    }
}

/// <summary>The result of one picture of the bay, and the state that it led to.</summary>
sealed record BayResult(ShelfResult Result, BayState State, BayLook Look);
