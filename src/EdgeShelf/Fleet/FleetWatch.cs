using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet;

/// <summary>What became of a comparison.</summary>
/// <param name="After">The memory with the newest counts.</param>
/// <param name="Problems">In which way the new model is worse; then it has to be taken back. Empty otherwise.</param>
sealed record WatchStep(FleetMemory After, IReadOnlyList<FleetProblem> Problems);

/// <summary>Compares a new model with the one before while the service runs. The counts come from the pictures' thread, all else from the fleet's loop.</summary>
sealed class FleetWatch : IDisposable
{
    readonly FleetOptions _options;
    readonly ModelHours _hours;
    readonly ActiveModel _models;
    readonly ModelStore _store;
    readonly TimeProvider _clock;
    readonly Lock _gate = new();
    readonly Dictionary<string, ModelCounts> _counted = [];
    long _tickedAt;

    public FleetWatch(FleetOptions options, ModelHours hours, ActiveModel models, ModelStore store, TimeProvider clock)
    {
        (_options, _hours, _models, _store, _clock, _tickedAt) = (options, hours, models, store, clock, clock.GetTimestamp());
        hours.Counted += OnCounted;
    }

    /// <summary>Begins a comparison after a change of the model, or goes on with the one that runs if the model did not change.</summary>
    public SwitchMemory? Begin(Change change, SwitchMemory? running)
    {
        if (change.ModelBefore is null && running is not null)
        {
            Change both = running.Change with { Id = change.Id, PlanogramBefore = running.Change.PlanogramBefore ?? change.PlanogramBefore };
            return running with { Change = both };
        }
        if (change.ModelBefore is null || _options.Watch == TimeSpan.Zero)
            return null;
        lock (_gate)
            _counted.Clear();
        _tickedAt = _clock.GetTimestamp();
        return new SwitchMemory(change, _models.Info.Sha256, OnnxOf(change.ModelBefore) is { } before ? _hours.LastDayOf(before) : default, default, TimeSpan.Zero);
    }

    /// <summary>Adds what was counted since the last call, and judges.</summary>
    public WatchStep Tick(FleetMemory memory)
    {
        TimeSpan passed = _clock.GetElapsedTime(_tickedAt);
        _tickedAt = _clock.GetTimestamp();
        if (memory.Watch is not { } watch)
            return new WatchStep(memory, []);
        ModelCounts counted;
        lock (_gate)
        {
            counted = _counted.GetValueOrDefault(watch.ModelSha256);
            _counted.Clear();
        }
        watch = watch with { After = watch.After + counted, Watched = watch.Watched + passed };
        memory = memory with { Watch = watch };
        // The model in use gives up a network that fails with several pictures in a row by itself.
        if (watch.Change.ModelAfter is { } name && _models.FailureOf(name) is { } failure)
            return new WatchStep(memory, [new FleetProblem(FleetProblem.WorseInUse, failure)]);
        // A person chose another model, which ends the comparison.
        if (NameOfModel() != watch.Change.ModelAfter)
            return new WatchStep(memory with { Watch = null, Figures = SwitchJudge.FiguresOf(watch) }, []);
        if (SwitchJudge.ProblemsOf(watch, _options) is { Count: > 0 } problems)
            return new WatchStep(memory, problems);
        return new WatchStep(SwitchJudge.IsOver(watch, _options) ? memory with { Watch = null, Figures = SwitchJudge.FiguresOf(watch) } : memory, []);
    }

    public void Dispose() => _hours.Counted -= OnCounted;

    /// <summary>The name of the chosen model, or null if the choice cannot be read, which its owner reports.</summary>
    string? NameOfModel()
    {
        try
        {
            return _models.Name;
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>The ONNX file of a model by its hash, or null if the model is damaged or gone.</summary>
    string? OnnxOf(string name)
    {
        try
        {
            return ModelFolder.ReadManifest(_store.Find(name)).Files[ModelManifest.ModelFileName];
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    void OnCounted(string model, ModelCounts counts)
    {
        lock (_gate)
            _counted[model] = _counted.GetValueOrDefault(model) + counts;
    }
}
