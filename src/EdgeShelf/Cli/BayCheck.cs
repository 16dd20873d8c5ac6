using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Looks at pictures on disk as the service looks at those of its camera.</summary>
/// <param name="reference">The picture on which the slots were drawn, or null: none if each picture is judged alone, else the first picture.</param>
/// <param name="filmDifference">The maximum difference at which a slot counts as unchanged from one picture of a film to the next, or null to judge each picture alone.</param>
sealed class BayCheck(ActiveModel models, BayPlan plan, PlanogramOptions options, ReferenceView? reference, double? filmDifference)
{
    readonly FilmClock _clock = new();
    ReferenceView? _reference = reference;
    BayReader? _reader;
    BayTimeline? _timeline;

    /// <summary>Looks at the next picture.</summary>
    /// <returns>What it shows, and what it changed in the film; null for a picture that is judged alone.</returns>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    public async Task<(BayLook Look, BayStep? Step)> LookAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (filmDifference is not { } difference)
            return ((await NewReader(null).ReadAsync(frame, plan, _reference, null, cancellationToken)).Look, null);
        _reader ??= NewReader(new SlotMemory(difference, options.RefreshEvery, _clock));
        _timeline ??= new BayTimeline(options.Patience);
        // The time between two pictures is not known; the service takes them this fast while something changes.
        _clock.Advance(options.ConfirmEvery);
        BayReading reading = await _reader.ReadAsync(
            frame with { CapturedAt = _clock.GetUtcNow() }, plan, _reference, _reference is null ? first => _reference = ReferenceView.Of(first) : null, cancellationToken);
        return (reading.Look, _timeline.Take(reading.Look, plan));
    }

    BayReader NewReader(SlotMemory? memory) => new(models, new PriorityGate(), memory, options.Thresholds);
}
