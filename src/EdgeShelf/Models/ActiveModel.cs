using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// The only one who knows which model is in use. It loads the model when it is first asked for, lends it to whoever runs it, and
/// takes another one when `model use` or `model rollback` chose it, here or in another process. Safe from any thread.
/// </summary>
sealed class ActiveModel : IDisposable
{
    /// <summary>Longest wait at the end for those who still run the network; it was told to break off.</summary>
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

    /// <summary>One model that never changes, for a verb or a benchmark. It is disposed of with the answer.</summary>
    public static ActiveModel Of(LoadedModel model) => new(model);

    /// <summary>Raised after another model took the place of the first, on the thread that changed it.</summary>
    public event Action<ModelInfo, ModelInfo>? Changed;

    /// <summary>Raised when a chosen model cannot be used and the one before it goes on, with <see cref="Problem"/>.</summary>
    public event Action<EdgeShelfException>? Refused;

    /// <summary>The model that answers.</summary>
    /// <exception cref="ConfigurationException">No model is sound; the message is about the one in use.</exception>
    public ModelInfo Info
    {
        get
        {
            using ModelLease lease = Rent();
            return lease.Model.Info;
        }
    }

    /// <summary>Why the chosen model does not answer; null when it does.</summary>
    public EdgeShelfException? Problem { get; private set; }

    /// <summary>Name of the chosen model, else of the configured one.</summary>
    /// <exception cref="ConfigurationException">The choice cannot be read.</exception>
    public string Name => Choice.Name;

    /// <summary>Folder of the chosen model, else of the configured one.</summary>
    /// <exception cref="ConfigurationException">The choice cannot be read, or the model is gone.</exception>
    public string Folder => Store.Find(Choice.Name);

    ModelStore Store => _store ?? throw new InvalidOperationException("A model that never changes has no store.");

    ModelChoice Choice => _choice ?? throw new InvalidOperationException("A model that never changes was not chosen.");

    /// <summary>Borrows the model for one run. It stays loaded until the lease is disposed of, also when another one is chosen meanwhile.</summary>
    /// <exception cref="ConfigurationException">No model is sound; the message is about the one in use.</exception>
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

    /// <summary>Checks a model whole and puts it in use.</summary>
    /// <exception cref="EdgeShelfException">There is no such model, it is damaged or has no golden picture, or the choice cannot be kept; the old one stays in use.</exception>
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

    /// <summary>Puts back what was in use before the last <see cref="Use"/>; a second rollback undoes the first.</summary>
    /// <remarks>What was in use once may come back without a golden picture: it has answered before.</remarks>
    /// <exception cref="EdgeShelfException">Nothing was in use before, or it cannot be used.</exception>
    public ModelInfo Rollback() => Choice.Previous is { } previous
        ? Choose(previous, check: null)
        : throw new ConfigurationException($"No model was in use before {Choice.Name}.", "Choose one with `edgeshelf model use`.");

    /// <summary>Takes a model that another process chose. One that is refused is not tried again before the next choice.</summary>
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
                // Whatever is wrong with a model that somebody else wrote must not take away the one that works.
                Problem = EdgeShelfException.From(problem);
                Refused?.Invoke(Problem);
            }
        }
    }

    /// <summary>Breaks off a run in work and waits for that: a network that is taken away while it runs crashes the process.</summary>
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
    /// The model in use. When that was chosen and has been damaged since, the one that answered before it: on a shelf that nobody
    /// visits, a sound model that says its name in each result is better than none.
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
                    // This one is damaged too. Try the next one; when none is left, tell what is wrong with the chosen one.
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
                // Nobody has asked for a model yet, as in the verb `model use`: whoever does loads it then.
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

    /// <summary>A loaded model and how many run it now. All in the gate.</summary>
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
