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

    /// <summary>Number of pictures in a row with which the network in use may fail before an earlier model replaces it.</summary>
    public const int MaxFailures = 3;

    const string ChooseAgain = "An earlier model is used until you choose one with `edgeshelf model use`. Check this one with `edgeshelf model verify`, or make it again.";

    readonly ModelStore? _store;
    readonly ModelChoice? _choice;
    readonly Func<string, LoadedModel> _load;
    readonly Lock _gate = new();
    readonly Lock _switching = new();
    ModelLoan? _current;
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
        _current = new ModelLoan(model, model.Info.Name);
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

    /// <summary>Whether there is a model of that name.</summary>
    public bool Exists(string name) => Store.Names().Contains(name);

    /// <summary>Name of the model that <see cref="Rollback"/> returns to, or null if none was chosen.</summary>
    /// <exception cref="ConfigurationException">The choice cannot be read.</exception>
    public string? Predecessor => Choice.Previous;

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
            _current ??= LoadFirst();
            _current.Users++;
            return new ModelLease(_current, Return);
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
            Replace(new ModelLoan(next, name));
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
                string name = Choice.Name;
                Replace(new ModelLoan(_load(Store.Find(name)), name));
            }
            catch (Exception problem)
            {
                // A problem with the new model, of any kind, must not stop the model that works.
                Problem = EdgeShelfException.From(problem);
                Refused?.Invoke(Problem);
            }
        }
    }

    /// <summary>Returns why a model was replaced while it was in use, or null.</summary>
    public string? FailureOf(string name) => Choice.FailureOf(name);

    /// <summary>Records that the network computed a picture, so that earlier failures no longer count.</summary>
    public void Succeeded(ModelLease lease)
    {
        lock (_gate)
            lease.Loan.Failures = 0;
    }

    /// <summary>
    /// Records that the network failed with a picture. After <see cref="MaxFailures"/> pictures in a row, the most recent earlier model that
    /// passes its checks is used, and the failed one is not used again until a person chooses it. Without an earlier model it stays in use.
    /// </summary>
    public void Failed(ModelLease lease, NetworkException problem)
    {
        lock (_gate)
        {
            // Equal, not greater: where there is no other model, they are not all loaded again for each picture.
            if (++lease.Loan.Failures != MaxFailures || _choice is null)
                return;
        }
        lock (_switching)
        {
            if (ReferenceEquals(lease.Loan, _current))
                FallBack(lease.Loan, problem);
        }
    }

    /// <summary>Stops a run in progress and waits until it has ended, because disposing of a network while it runs crashes the process.</summary>
    public void Dispose()
    {
        ModelLoan? last;
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
    ModelLoan LoadFirst()
    {
        string? chosen = null;
        try
        {
            chosen = Choice.Name;
            if (Choice.FailureOf(chosen) is { } failure)
                throw new ConfigurationException(failure, ChooseAgain);
            return new ModelLoan(_load(Store.Find(chosen)), chosen);
        }
        catch (ConfigurationException problem)
        {
            Problem = problem;
            if (LoadPredecessor() is { } before)
                return before;
            // A network that fails with some pictures is better than a service that does not start.
            if (chosen is not null && Choice.FailureOf(chosen) is not null)
                return new ModelLoan(_load(Store.Find(chosen)), chosen);
            throw;
        }
    }

    /// <summary>Loads the most recent earlier model that passes its checks and did not fail while it was in use.</summary>
    /// <returns>Null if there is none.</returns>
    ModelLoan? LoadPredecessor(string? except = null)
    {
        foreach (string name in Choice.Predecessors.Where(name => name != except && Choice.FailureOf(name) is null))
        {
            try
            {
                return new ModelLoan(_load(Store.Find(name)), name);
            }
            catch (ConfigurationException)
            {
                // This model is damaged too. Try the next one.
            }
        }
        return null;
    }

    void FallBack(ModelLoan failed, NetworkException problem)
    {
        if (LoadPredecessor(except: failed.Name) is not { } before)
            return;
        ConfigurationException refused = new($"The model {failed.Model.Info} failed with {MaxFailures} pictures in a row: {problem.Message}", ChooseAgain, problem);
        try
        {
            Choice.SetFailed(failed.Name, refused.Message);
        }
        catch (EdgeShelfException)
        {
            // The disk is full or read-only, which the outbox reports. After a restart the model is tried again and fails again.
        }
        Replace(before);
        Problem = refused;
        Refused?.Invoke(refused);
    }

    void Replace(ModelLoan next)
    {
        ModelLoan? before;
        lock (_gate)
        {
            before = _current;
            if (before is null || _isDisposed)
            {
                // No caller has asked for a model yet, as in the verb `model use`. The first caller that does loads it.
                next.Model.Dispose();
                return;
            }
            _current = next;
        }
        Problem = null;
        ModelInfo from = before.Model.Info;
        Retire(before);
        Changed?.Invoke(from, next.Model.Info);
    }

    void Retire(ModelLoan loan)
    {
        lock (_gate)
        {
            loan.IsRetired = true;
            if (loan.Users == 0)
                loan.End();
        }
    }

    void Return(ModelLoan loan)
    {
        lock (_gate)
        {
            loan.Users--;
            if (loan.IsRetired && loan.Users == 0)
                loan.End();
        }
    }
}
