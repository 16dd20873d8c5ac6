using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// Keeps track of the model in use. It loads the model on first use, lends it to callers that run it, and switches to another model
/// when `model use` or `model rollback` chooses one, in this process or in another. All members are thread-safe.
/// </summary>
sealed class ActiveModel : IDisposable
{
    /// <summary>Longest time that <see cref="Dispose"/> waits for callers that still run the network, after it has told the network to stop.</summary>
    static readonly TimeSpan ReturnedWithin = TimeSpan.FromSeconds(5);

    readonly ModelStore? _store;
    readonly ModelChoice? _choice;
    readonly Func<string, LoadedModel> _load;
    readonly Lock _gate = new();
    readonly Lock _switching = new();
    Loan? _current;
    DateTime _seen;
    bool _isDisposed;

    /// <param name="load">Loads and checks a model folder.</param>
    public ActiveModel(ModelsOptions options, Func<string, LoadedModel> load)
    {
        (_store, _choice, _load) = (new ModelStore(options), new ModelChoice(options), load);
        _seen = _choice.Stamp;
    }

    ActiveModel(LoadedModel model)
    {
        _load = folder => throw new InvalidOperationException($"{folder} cannot be loaded: this model stays.");
        _current = new Loan(model);
    }

    /// <summary>Creates an instance whose model never changes, for a verb or a benchmark. Disposing of the instance also disposes of the model.</summary>
    public static ActiveModel Of(LoadedModel model) => new(model);

    /// <summary>Raised after another model replaced the one in use, on the thread that made the change.</summary>
    public event Action<ModelInfo, ModelInfo>? Changed;

    /// <summary>Raised when a chosen model cannot be used and the previous model stays in use. The argument is <see cref="Problem"/>.</summary>
    public event Action<EdgeShelfException>? Refused;

    /// <summary>The model in use.</summary>
    /// <exception cref="ConfigurationException">No model passes its checks; the message describes the problem with the chosen one.</exception>
    public ModelInfo Info
    {
        get
        {
            using ModelLease lease = Rent();
            return lease.Model.Info;
        }
    }

    /// <summary>The reason why the chosen model is not in use; null when it is.</summary>
    public EdgeShelfException? Problem { get; private set; }

    /// <summary>Name of the chosen model, or of the configured one when none was chosen.</summary>
    /// <exception cref="ConfigurationException">The choice cannot be read.</exception>
    public string Name => Choice.Name;

    /// <summary>Folder of the chosen model, or of the configured one when none was chosen.</summary>
    /// <exception cref="ConfigurationException">The choice cannot be read, or the model no longer exists.</exception>
    public string Folder => Store.Find(Choice.Name);

    ModelStore Store => _store ?? throw new InvalidOperationException("A model that never changes has no store.");

    ModelChoice Choice => _choice ?? throw new InvalidOperationException("A model that never changes was not chosen.");

    /// <summary>Borrows the model for one run. It stays loaded until the lease is disposed of, even when another model is chosen in the meantime.</summary>
    /// <exception cref="ConfigurationException">No model passes its checks; the message describes the problem with the chosen one.</exception>
    public ModelLease Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _current ??= new Loan(LoadFirst());
            _current.Users++;
            return new ModelLease(this, _current);
        }
    }

    /// <summary>Runs all checks on a model and puts it in use.</summary>
    /// <exception cref="EdgeShelfException">There is no such model, it is damaged or has no golden picture, or the choice cannot be saved; the old model stays in use.</exception>
    public ModelInfo Use(string name) => Choose(name, GoldenPicture.Require);

    ModelInfo Choose(string name, Action<LoadedModel>? check)
    {
        lock (_switching)
        {
            LoadedModel next = _load(Store.Find(name));
            ModelInfo info = next.Info;
            try
            {
                check?.Invoke(next);
                Choice.Write(name);
            }
            catch
            {
                next.Dispose();
                throw;
            }
            _seen = Choice.Stamp;
            Replace(next);
            return info;
        }
    }

    /// <summary>Returns to the model that was in use before the last <see cref="Use"/>; a second rollback undoes the first.</summary>
    /// <remarks>A model that was in use before does not need a golden picture, because it has already worked on this device.</remarks>
    /// <exception cref="EdgeShelfException">No model was in use before, or that model cannot be used.</exception>
    public ModelInfo Rollback() => Choice.Previous is { } previous
        ? Choose(previous, check: null)
        : throw new ConfigurationException($"No model was in use before {Choice.Name}.", "Choose one with `edgeshelf model use`.");

    /// <summary>Switches to a model that another process chose. A model that is refused is not tried again until the next choice.</summary>
    public void Refresh()
    {
        lock (_switching)
        {
            DateTime stamp = Choice.Stamp;
            if (stamp == _seen)
                return;
            _seen = stamp;
            try
            {
                Replace(_load(Folder));
            }
            catch (Exception problem)
            {
                // A problem with the new model, of any kind, must not stop the model that works.
                Problem = EdgeShelfException.From(problem);
                Refused?.Invoke(Problem);
            }
        }
    }

    /// <summary>Stops a run in progress and waits until it has ended, because disposing of a network while it runs crashes the process.</summary>
    public void Dispose()
    {
        Loan? last;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            last = _current;
            last?.Model.Network.Terminate();
        }
        if (last is null)
            return;
        Retire(last);
        last.Ended.Task.Wait(ReturnedWithin);
    }

    /// <summary>
    /// Loads the chosen model. If it has been damaged since it was chosen, loads the most recent earlier model that passes its checks,
    /// so that an unattended shelf keeps working. Each result names the model that produced it.
    /// </summary>
    LoadedModel LoadFirst()
    {
        try
        {
            return _load(Folder);
        }
        catch (ConfigurationException problem)
        {
            foreach (string name in Choice.Predecessors)
            {
                try
                {
                    LoadedModel before = _load(Store.Find(name));
                    Problem = problem;
                    return before;
                }
                catch (ConfigurationException)
                {
                    // This model is damaged too. Try the next one; if none is left, report the problem with the chosen model.
                }
            }
            throw;
        }
    }

    void Replace(LoadedModel next)
    {
        Loan? before;
        lock (_gate)
        {
            before = _current;
            if (before is null || _isDisposed)
            {
                // No caller has asked for a model yet, as in the verb `model use`. The first caller that does loads it.
                next.Dispose();
                return;
            }
            _current = new Loan(next);
        }
        Problem = null;
        ModelInfo from = before.Model.Info;
        Retire(before);
        Changed?.Invoke(from, next.Info);
    }

    void Retire(Loan loan)
    {
        lock (_gate)
        {
            loan.IsRetired = true;
            if (loan.Users == 0)
                loan.End();
        }
    }

    void Return(Loan loan)
    {
        lock (_gate)
        {
            loan.Users--;
            if (loan.IsRetired && loan.Users == 0)
                loan.End();
        }
    }

    /// <summary>A loaded model and the number of callers that run it. Access it only while holding the gate.</summary>
    internal sealed class Loan(LoadedModel model)
    {
        public LoadedModel Model => model;
        public int Users { get; set; }
        public bool IsRetired { get; set; }
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End()
        {
            model.Dispose();
            Ended.TrySetResult();
        }
    }

    /// <summary>The right to run the model that was in use when it was rented. Dispose of it to give the model back.</summary>
    internal sealed class ModelLease(ActiveModel owner, Loan loan) : IDisposable
    {
        bool _isReturned;

        public LoadedModel Model => loan.Model;

        public void Dispose()
        {
            if (_isReturned)
                return;
            _isReturned = true;
            owner.Return(loan);
        }
    }
}
