using EdgeShelf.Fleet.Apply;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet;

/// <summary>
/// Does what the chain wants, one document at a time: waits for its window, downloads, checks, applies, compares, and takes back. What is
/// decided is in the types that it calls; it keeps the memory and the order.
/// </summary>
sealed class FleetService(FleetParts parts, TimeProvider clock, ILogger<FleetService> log) : BackgroundService
{
    /// <summary>How often the window, the comparison and the next attempt are looked at.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>How often the counts of a comparison are written. A power cut loses at most these.</summary>
    static readonly TimeSpan CountsEvery = TimeSpan.FromMinutes(1);

    readonly WakeSignal _wake = new(clock);
    readonly RetryRule _retry = new(clock);
    readonly RetryRule _retryTakingBack = new(clock);
    FleetMemory _memory = new();
    WishRun? _run;
    WishId? _tried;
    FleetProblem? _trouble;
    string? _step;
    long _savedAt;
    bool _isEnding;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        parts.Link.MaxBytes = DesiredDocument.MaxBytes;
        parts.Link.Topics = parts.Inbox.Topics;
        parts.Link.Arrived += _wake.Set;
        parts.Hours.Open();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool hasBegun = false;
        try
        {
            while (!_isEnding)
            {
                try
                {
                    if (!hasBegun)
                        Begin();
                    hasBegun = true;
                    await TurnAsync(stoppingToken);
                }
                catch (Exception problem) when (problem is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    // All kinds: pictures go on whatever is wrong here, and the next turn may do better.
                    log.FleetFailed(problem);
                }
                if (!_isEnding)
                    await _wake.WaitAsync(LookEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            parts.Link.Arrived -= _wake.Set;
            await StopRunAsync();
            TrySave();
            parts.Hours.Write(isStopping: true);
        }
    }

    void Begin()
    {
        _memory = WishRule.InGroup(parts.File.Read(), parts.Options.Group);
        if (parts.Overlay.Aside() is not { } aside)
            return;
        log.SettingsSetAside(string.Join(" ", aside.Problems));
        FleetProblem[] problems = [.. aside.Problems.Select(problem => new FleetProblem(FleetProblem.BadSetting, problem))];
        if (_memory.Applied is { } applied)
            _memory = _memory.With(new WishVerdict(applied, FleetStatus.Refused, problems, null)) with { Applied = null };
        if (TrySave())
            parts.Overlay.ForgetAside();
    }

    async Task TurnAsync(CancellationToken cancellationToken)
    {
        FleetMemory before = _memory;
        _memory = WishRule.WithSlots(parts.Inbox.Take(_memory), parts.Preparer.SlotsVersion);
        if (_memory != before)
            TrySave();
        parts.Hours.Write();
        LookAtWatch();
        if (!_isEnding)
            DropSettingsIfNothingIsWanted();
        if (!_isEnding)
            await WorkAsync(cancellationToken);
        if (!_isEnding)
            Report();
    }

    void Report() => parts.Reporter.Report(_memory, parts.Installation(), _step, _trouble);

    void LookAtWatch()
    {
        bool hasWatched = _memory.Watch is not null;
        WatchStep look = parts.Watch.Tick(_memory);
        if (look.Problems.Count == 0 && _memory.Watch is { } begun && _memory.VerdictOf(begun.Change.Id) is { Status: FleetStatus.RolledBack } verdict)
            look = new WatchStep(_memory, verdict.Problems);
        _memory = look.After;
        if (look.Problems.Count > 0)
        {
            if (_retryTakingBack.IsDue)
                TakeBack(_memory.Watch!, look.Problems);
        }
        else if (hasWatched && _memory.Watch is null)
            Finish();
        else if (hasWatched && clock.GetElapsedTime(_savedAt) >= CountsEvery)
            TrySave();
    }

    /// <summary>Puts the model before back. The verdict is on disk first, so that a power cut in between does not make the document look applied.</summary>
    void TakeBack(SwitchMemory watch, IReadOnlyList<FleetProblem> problems)
    {
        if (_memory.VerdictOf(watch.Change.Id)?.Status != FleetStatus.RolledBack)
        {
            log.WishTakenBack(VersionOf(watch.Change.Id), string.Join(" ", problems.Select(problem => problem.Message)));
            _memory = _memory.With(new WishVerdict(watch.Change.Id, FleetStatus.RolledBack, problems, SwitchJudge.FiguresOf(watch)));
            TrySave();
        }
        bool restart;
        try
        {
            restart = parts.Applier.TakeBack(watch.Change);
        }
        catch (Exception problem) when (problem is EdgeShelfException or IOException or UnauthorizedAccessException)
        {
            _retryTakingBack.Failed();
            log.NotTakenBack(problem.Message);
            return;
        }
        _retryTakingBack.StartOver();
        _memory = _memory with { Watch = null, Applied = null, Figures = SwitchJudge.FiguresOf(watch) };
        Finish();
        if (restart)
            End();
    }

    /// <summary>Settings of the chain hold only while a document says so.</summary>
    void DropSettingsIfNothingIsWanted()
    {
        if (_memory.Applied is null || WishRule.InForce(_memory) is not null || !parts.Inbox.IsSettled)
            return;
        bool restart = parts.Applier.Settings(new Dictionary<string, string>());
        _memory = _memory with { Applied = null };
        TrySave();
        if (restart)
            End();
    }

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        Wish? wish = WishRule.InForce(_memory);
        NextAct act = parts.Inbox.IsSettled ? WishRule.Next(_memory, TimeOnly.FromDateTime(clock.GetLocalNow().DateTime)) : NextAct.Nothing;
        if (_run is not null && (_run.Wish.Id != wish?.Id || act != NextAct.Apply))
            await StopRunAsync();
        if (wish?.Id != _tried)
        {
            (_tried, _trouble) = (wish?.Id, null);
            _retry.StartOver();
        }
        _step = act == NextAct.Wait ? FleetStep.Waiting : _trouble is null ? null : _step;
        if (act != NextAct.Apply || (_run is null && !_retry.IsDue))
            return;
        if (_run is null)
        {
            TakeBackWhatWasBegun(wish!.Id);
            TimeSpan delay = _trouble is null ? WishRule.DelayOf(parts.Installation() ?? Guid.Empty, wish.Id, parts.Options.Spread) : TimeSpan.Zero;
            _run = new WishRun(wish, (tell, token) => parts.Preparer.PrepareAsync(wish, delay, tell, token), _wake.Set, cancellationToken);
        }
        _step = _run.Step ?? _step;
        if (_run.HasEnded)
            await EndRunAsync(wish!, cancellationToken);
    }

    /// <summary>A power cut may have ended the application of another document in the middle.</summary>
    void TakeBackWhatWasBegun(WishId next)
    {
        if (_memory.Applying is not { } begun || begun.Id == next)
            return;
        parts.Applier.TakeBack(begun);
        _memory = _memory with { Applying = null };
        TrySave();
    }

    async Task EndRunAsync(Wish wish, CancellationToken cancellationToken)
    {
        try
        {
            Apply(wish, await _run!.Result);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // All kinds: a document with which this device cannot deal must not be tried without an end.
            FailedAttempt failed = FailedAttempt.Of(problem, _retry);
            if (failed.Again is { } again)
                TryAgain(wish, again, failed.Hint, failed.RetryAfter);
            else
                Refuse(wish, failed);
        }
        await StopRunAsync();
    }

    void Apply(Wish wish, PreparedWish prepared)
    {
        Change change = _memory.Applying is { } begun && begun.Id == wish.Id ? begun : parts.Applier.ChangeOf(prepared);
        FleetMemory before = _memory;
        _step = FleetStep.Applying;
        Report();
        _memory = _memory with { Applying = change };
        parts.File.Write(_memory);
        bool restart;
        try
        {
            restart = parts.Applier.Apply(prepared, change);
        }
        catch
        {
            // What could not be taken back is taken back before the next attempt.
            _memory = before with { Applying = parts.Applier.IsTakenBack(change) ? null : change };
            TrySave();
            throw;
        }
        _memory = _memory with { Applying = null, Applied = wish.Id, Figures = null, Watch = parts.Watch.Begin(change, _memory.Watch) };
        log.WishApplied(wish.Version);
        (_trouble, _step) = (null, null);
        Finish();
        if (restart)
            End();
    }

    void Refuse(Wish wish, FailedAttempt failed)
    {
        log.WishRefused(FleetInbox.Named(wish.Version), string.Join(" ", failed.Refused.Select(problem => problem.Message)));
        _memory = _memory.With(new WishVerdict(wish.Id, FleetStatus.Refused, failed.Refused, null, failed.Slots));
        (_trouble, _step) = (null, null);
        Finish();
    }

    void TryAgain(Wish wish, FleetProblem problem, string hint, TimeSpan? retryAfter)
    {
        TimeSpan delay = _retry.Failed(retryAfter);
        if (_trouble?.Message != problem.Message)
            log.WishTriedAgain(wish.Version, problem.Message, hint, Duration.Text(delay));
        _trouble = problem;
    }

    /// <summary>Writes the memory and deletes what is no longer needed: never the model in use nor its predecessor.</summary>
    void Finish()
    {
        TrySave();
        parts.Pruner.Prune(_memory);
    }

    void End()
    {
        _isEnding = true;
        log.StartsAgain();
        parts.Restart();
    }

    async Task StopRunAsync()
    {
        if (_run is not { } run)
            return;
        _run = null;
        await run.DisposeAsync();
    }

    int? VersionOf(WishId id) => WishRule.InForce(_memory) is { } wish && wish.Id == id ? wish.Version : null;

    bool TrySave()
    {
        _savedAt = clock.GetTimestamp();
        return parts.File.TryWrite(_memory);
    }
}
