using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Recognition.Plan;

/// <summary>
/// The one owner of the slots, the planogram and the reference picture. Each change is checked as a whole, written durably with a number
/// of its own, and kept among the last ten. It notices what another process changes. All members are thread-safe.
/// </summary>
/// <param name="folder">The folder of the documents. It is created with the first one.</param>
/// <param name="knownLabels">Returns the labels that were taught or that the model in use knows.</param>
sealed class PlanStore(string folder, Func<IReadOnlyCollection<string>> knownLabels, TimeProvider clock, ILogger<PlanStore> log)
{
    readonly KeptDocument<SlotsDocument> _slots = new(new VersionedFile(folder, "slots"), SlotsDocument.Parse);
    readonly KeptDocument<PlanogramDocument> _planograms = new(new VersionedFile(folder, "planogram"), PlanogramDocument.Parse);
    readonly WaitingPlanogram _waiting = new(folder);
    readonly ReferencePictures _references = new(folder);

    /// <summary>Held while something changes and is told, so that listeners hear the changes in their order. Readers do not wait for it.</summary>
    readonly Lock _changing = new();

    volatile PlanSnapshot? _now;

    /// <summary>Raised after each change, also one of another process, on the thread that made or noticed it. Handlers must return quickly.</summary>
    public event Action<PlanChange>? Changed;

    /// <summary>The slots in force. Without slots the whole picture is one place.</summary>
    public SlotMap Slots => Now.Map;

    /// <summary>The planogram in force, or null.</summary>
    public Planogram? Planogram => Now.Planogram?.Planogram;

    /// <summary>The planogram that comes into force at its `valid_from`, or null.</summary>
    public Planogram? NextPlanogram => Now.Next?.Planogram;

    /// <summary>The slots as their document. Its number is 0 if none were ever set.</summary>
    public SlotsDocument SlotsDocument => Now.Slots;

    /// <summary>The planogram as its document, or null.</summary>
    public PlanogramDocument? PlanogramDocument => Now.Planogram;

    /// <summary>The planogram that waits for its time as its document, or null.</summary>
    public PlanogramDocument? NextPlanogramDocument => Now.Next;

    /// <summary>What is wrong with the files on disk and what is used instead, or null.</summary>
    public string? ProblemText => Now.Problem;

    /// <summary>The versions of the slots that are kept, newest first.</summary>
    public IReadOnlyList<SlotsDocument> SlotsHistory() => [.. _slots.History().Where(version => version.Number <= Now.Slots.Number)];

    /// <summary>The versions of the planogram that are kept, newest first.</summary>
    public IReadOnlyList<PlanogramDocument> PlanogramHistory() => [.. _planograms.History().Where(version => version.Number <= (Now.Planogram?.Number ?? 0))];

    /// <summary>What is allowed but probably not meant with the slots in force.</summary>
    public IReadOnlyList<string> SlotWarnings() => SlotRules.Warnings(Slots, Planogram);

    /// <summary>What is allowed but probably not meant with a planogram.</summary>
    public IReadOnlyList<string> WarningsOf(Planogram planogram) => PlanogramRules.Warnings(planogram, Slots);

    /// <summary>The bytes of the reference picture, a JPEG or PNG, or null if there is none.</summary>
    public byte[]? ReferencePicture() => Slots.Reference is { } reference ? _references.Find(reference.Sha256) : null;

    /// <summary>
    /// Replaces the slots. Slots that are the same as before make no new version. Labels that came with the slots become the first planogram,
    /// if there is none.
    /// </summary>
    /// <param name="by">Who makes the change: one of <see cref="PlanSource"/>.</param>
    /// <param name="reference">The picture on which they were drawn, or null.</param>
    /// <param name="keepReference">Without a picture: whether the reference picture stays. If not, the next usable picture becomes the reference.</param>
    /// <exception cref="PlanProblemsException">The slots are not valid; each problem is named.</exception>
    /// <exception cref="RequestRefusedException">`conflict`: another version is in force than the sender knows. `busy`: another process is changing the documents.</exception>
    /// <exception cref="EdgeShelfException">The slots cannot be written. The old ones stay.</exception>
    public SlotsDocument SetSlots(SlotsDocument wanted, string by, NewReference? reference = null, bool keepReference = true)
    {
        string[] problems = [.. SlotRules.AllProblemsOf(wanted.Slots)];
        if (problems.Length > 0)
            throw new PlanProblemsException(PlanProblemsException.BadSlots, problems);
        return Change(by, now =>
        {
            PlanRefusal.ThrowIfConflict(wanted.IfVersion, now.Slots.Number, "version", "slots");
            ReferencePicture? picture = reference is null ? keepReference ? now.Slots.Reference : null : Keep(reference);
            bool isSame = now.Slots.Number > 0 && now.Slots.Slots.SequenceEqual(wanted.Slots) && Equals(now.Slots.Reference?.Sha256, picture?.Sha256) && now.SlotsProblem is null;
            now = isSame ? now : WithSlots(now, new SlotsDocument(wanted.Slots, picture), by);
            return now is { Planogram: null, Next: null } && wanted.PlanogramOfLabels() is { } first
                ? WithPlanogram(now, new PlanogramDocument(first) { ChangedAt = clock.GetUtcNow(), ChangedBy = by })
                : now;
        }).Slots;
    }

    /// <summary>Replaces the reference picture. The slots stay where they are.</summary>
    /// <returns>The slots in force. A first reference picture makes no new version of them.</returns>
    /// <exception cref="EdgeShelfException">The picture cannot be kept. The old one stays.</exception>
    public SlotMap SetReference(NewReference reference, string by) => Change(by, now =>
    {
        if (now.Map.IsEmpty)
            return now;
        ReferencePicture picture = Keep(reference);
        if (picture.Sha256 == now.Slots.Reference?.Sha256)
            return now;
        return now.Slots.Reference is null && now.SlotsProblem is null
            ? Written(now, now.Slots with { Reference = picture })
            : WithSlots(now, now.Slots with { Reference = picture }, by);
    }).Map;

    /// <summary>Puts an earlier version of the slots and its reference picture in force again. It gets a number of its own.</summary>
    /// <param name="version">The number of the version, or null for the one before.</param>
    /// <exception cref="RequestRefusedException">`no-version`: the version is not kept.</exception>
    public SlotsDocument RollbackSlots(int? version, string by) => Change(by, now =>
    {
        SlotsDocument found = (version is { } number ? _slots.Find(number) : _slots.History().FirstOrDefault(earlier => earlier.Number < now.Slots.Number))
            ?? throw PlanRefusal.OfVersion(version, SlotsHistory().Select(kept => kept.Number));
        ReferencePicture? picture = found.Reference is { } reference && _references.Find(reference.Sha256) is not null ? found.Reference : null;
        return WithSlots(now, found with { Reference = picture }, by);
    }).Slots;

    /// <summary>Puts a planogram in force, or lets it wait if its `valid_from` lies in the future. A planogram that is the same as before makes no new revision.</summary>
    /// <param name="by">Who makes the change: one of <see cref="PlanSource"/>.</param>
    /// <exception cref="PlanProblemsException">The planogram does not fit this device's slots and labels; each problem is named.</exception>
    /// <exception cref="RequestRefusedException">`conflict`: another revision is in force than the sender knows. `busy`: another process is changing the documents.</exception>
    /// <exception cref="EdgeShelfException">The planogram cannot be written. The old one stays.</exception>
    public PlanogramDocument SetPlanogram(PlanogramDocument wanted, string by)
    {
        PlanSnapshot after = Change(by, now =>
        {
            PlanRefusal.ThrowIfConflict(wanted.IfRevision, now.Planogram?.Number ?? 0, "revision", "planogram");
            PlanogramRules.RequireFit(wanted.Planogram, now.Map, knownLabels());
            PlanogramDocument document = wanted with { IfRevision = null, Notes = [], ChangedAt = clock.GetUtcNow(), ChangedBy = by };
            if (wanted.Planogram.ValidFrom > clock.GetUtcNow())
            {
                _waiting.Write(document with { Number = 0 });
                return now with { Next = document with { Number = 0 }, NextProblem = null };
            }
            return now.Planogram is { } old && now.PlanogramProblem is null && old.IsSameAs(wanted) ? now : WithPlanogram(now, document);
        });
        return after.Next is { } next && next.IsSameAs(wanted) ? next : after.Planogram!;
    }

    /// <summary>Puts an earlier planogram in force again. It gets a number of its own.</summary>
    /// <param name="revision">The number of the revision, or null for the one before.</param>
    /// <exception cref="PlanProblemsException">The planogram does not fit the slots in force any more.</exception>
    /// <exception cref="RequestRefusedException">`no-version`: the revision is not kept.</exception>
    public PlanogramDocument RollbackPlanogram(int? revision, string by) => Change(by, now =>
    {
        PlanogramDocument found = (revision is { } number ? _planograms.Find(number) : _planograms.History().FirstOrDefault(earlier => earlier.Number < now.Planogram?.Number))
            ?? throw PlanRefusal.OfVersion(revision, PlanogramHistory().Select(kept => kept.Number));
        PlanogramRules.RequireFit(found.Planogram, now.Map, knownLabels());
        return WithPlanogram(now, found with { ChangedAt = clock.GetUtcNow(), ChangedBy = by });
    }).Planogram!;

    /// <summary>Takes the planogram out of force. Its revisions stay in the history.</summary>
    public void RemovePlanogram(string by) => Change(by, now =>
    {
        _planograms.Delete();
        return now with { Planogram = null, PlanogramProblem = null };
    });

    /// <summary>Forgets the planogram that waits for its time. Returns false if none waits.</summary>
    public bool CancelNext(string by)
    {
        bool isThere = NextPlanogram is not null;
        Change(by, now =>
        {
            _waiting.Delete();
            return now with { Next = null, NextProblem = null };
        });
        return isThere;
    }

    /// <summary>Takes over what another process changed, and a planogram whose time has come.</summary>
    public void Refresh()
    {
        lock (_changing)
        {
            string by = PlanSource.Verb;
            PlanSnapshot before = Now, after = before;
            if (_slots.IsStale || _planograms.IsStale || _waiting.IsStale)
                after = Load(before);
            if (after.Next?.Planogram.ValidFrom <= clock.GetUtcNow() && TryPromote(after) is { } promoted)
                (after, by) = (promoted, promoted.Planogram!.ChangedBy ?? PlanSource.Device);
            _now = after;
            Tell(before, after, by);
        }
    }

    PlanSnapshot Now
    {
        get
        {
            if (_now is { } now)
                return now;
            lock (_changing)
                return _now ??= LoadFirst();
        }
    }

    PlanSnapshot LoadFirst()
    {
        PlanSnapshot first = Load(null);
        if (first.Problem is { } problem)
            log.PlanDamaged(problem);
        return first;
    }

    PlanSnapshot Load(PlanSnapshot? before)
    {
        (string? slotsProblem, string? planogramProblem, string? nextProblem) = (before?.SlotsProblem, before?.PlanogramProblem, before?.NextProblem);
        SlotsDocument slots = before is null || _slots.IsStale ? _slots.Load(before?.Slots, out slotsProblem) ?? SlotsDocument.None : before.Slots;
        if (slots.Reference is not null && before?.Slots != slots && _references.Find(slots.Reference.Sha256) is null)
        {
            slotsProblem ??= $"The reference picture {slots.Reference.Sha256} is missing or damaged. The next usable picture becomes the reference; check on the page whether the slots are still in their places.";
            slots = slots with { Reference = null };
        }
        PlanogramDocument? planogram = before is null || _planograms.IsStale ? _planograms.Load(before?.Planogram, out planogramProblem) : before.Planogram;
        PlanogramDocument? next = before is null || _waiting.IsStale ? _waiting.Load(out nextProblem) : before.Next;
        return new PlanSnapshot(slots, before?.Slots == slots ? before.Map : slots.Map, planogram, next, slotsProblem, planogramProblem, nextProblem);
    }

    /// <summary>Makes one change under the locks, on top of what is on disk, and reports it.</summary>
    PlanSnapshot Change(string by, Func<PlanSnapshot, PlanSnapshot> make)
    {
        lock (_changing)
        {
            PlanSnapshot before = Now, after;
            try
            {
                using IDisposable alone = PlanLock.Take(folder);
                after = make(Load(before));
                _references.KeepOnly(_slots.History().Append(after.Slots).Select(version => version.Reference?.Sha256 ?? "").ToHashSet());
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The name of the temporary file, which .NET puts behind the reason, tells nobody anything.
                throw new RequestRefusedException(
                    PlanRefusal.NotKept, $"The change cannot be kept: {PlainText.Shown(problem.Message.Split(" : '")[0])}.",
                    $"The service's user must be able to write to {folder}, and the volume needs free space. What was in force before is still in force.");
            }
            _now = after;
            Tell(before, after, by);
            return after;
        }
    }

    void Tell(PlanSnapshot before, PlanSnapshot after, string by)
    {
        if (after.Problem is { } problem && problem != before.Problem)
            log.PlanDamaged(problem);
        else if (after.Problem is null && before.Problem is not null)
            log.PlanSound();
        PlanChange change = new(before.Map, after.Map, before.Planogram?.Planogram, after.Planogram?.Planogram, by);
        if (change.SlotsChanged)
            log.SlotsChanged(by, after.Map.Version, after.Map.Slots.Count);
        if (change is { PlanogramChanged: true, Planogram: { } planogram })
            log.PlanogramChanged(by, planogram.Name, planogram.Version, planogram.Positions.Count);
        if (change.SlotsChanged || change.PlanogramChanged)
            Changed?.Invoke(change);
    }

    PlanSnapshot WithSlots(PlanSnapshot now, SlotsDocument document, string by) => Written(now, document with
    {
        Number = _slots.NextNumber(now.Slots, now.SlotsProblem is null),
        ChangedAt = clock.GetUtcNow(),
        ChangedBy = by,
        IfVersion = null,
    });

    PlanSnapshot Written(PlanSnapshot now, SlotsDocument document)
    {
        _slots.Write(document);
        return now with { Slots = document, Map = document.Map, SlotsProblem = null };
    }

    PlanSnapshot WithPlanogram(PlanSnapshot now, PlanogramDocument document)
    {
        document = document with { Number = _planograms.NextNumber(now.Planogram, now.PlanogramProblem is null) };
        _planograms.Write(document);
        return now with { Planogram = document, PlanogramProblem = null };
    }

    /// <summary>Puts the planogram that waits in force. Its labels and slots were checked when it came.</summary>
    PlanSnapshot? TryPromote(PlanSnapshot now)
    {
        try
        {
            using IDisposable alone = PlanLock.Take(folder);
            PlanSnapshot promoted = WithPlanogram(now, now.Next!);
            _waiting.Delete();
            return promoted with { Next = null, NextProblem = null };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or RequestRefusedException)
        {
            // The disk is full, or a verb is at work: it is tried again a second later.
            return null;
        }
    }

    ReferencePicture Keep(NewReference reference) => reference.Picture.Length <= ReferencePictures.MaxBytes
        ? new ReferencePicture(_references.Add(reference.Picture.Span), reference.Width, reference.Height, reference.TakenAt)
        : throw new EdgeShelfException($"The reference picture has {reference.Picture.Length} bytes; at most {ReferencePictures.MaxBytes} are allowed.", "Use a smaller picture or a lower JPEG quality.");
}
