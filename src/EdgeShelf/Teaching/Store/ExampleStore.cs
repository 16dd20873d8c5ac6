using EdgeShelf.Platform;
using EdgeShelf.Recognition.Likeness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching.Store;

/// <summary>
/// The one owner of what was taught: `examples.db`. A change is on disk when the call that made it returns, and is made whole or not at all.
/// After each change <see cref="TaughtProducts"/> gets the new set at once. Several processes may have the store open. Thread-safe.
/// </summary>
/// <param name="model">Returns the <see cref="Models.LoadedModel.DescriptorSource"/> whose descriptors are compared, or null if there is none.</param>
sealed class ExampleStore(
    string folder, TeachingOptions options, TimeProvider clock, Func<string?> model, TaughtProducts taught, ILogger<ExampleStore> log) : IDisposable
{
    public const string FileName = "examples.db";
    public const string CeilingFileName = "examples.seq";

    /// <summary>The share of <see cref="TeachingOptions.MaxBytes"/> that removed examples may take until their removal can no longer be taken back.</summary>
    const int JournalShare = 4;

    readonly Lock _gate = new();
    readonly string _path = Path.Combine(folder, FileName);
    readonly SequenceCeiling _ceiling = new(Path.Combine(folder, CeilingFileName));
    readonly HashSet<long> _unreadable = [];
    SqliteConnection? _connection;
    long _dataVersion;
    bool _isDisposed;
    volatile ExampleState _now = ExampleState.None;

    /// <summary>Raised after each change, also one of another process, on the thread that made or noticed it. Handlers must return quickly.</summary>
    public event Action? Changed;

    /// <summary>Raised when the file was damaged and was set aside, so that all examples are gone. The argument says so in a sentence.</summary>
    public event Action<string>? Lost;

    /// <summary>What is taught, as it was when this process last made or noticed a change.</summary>
    public ExampleState Now => _now;

    /// <summary>
    /// The number of examples whose descriptors another model made. While there are any, no example is compared, because half of a product's
    /// examples would give wrong answers.
    /// </summary>
    public int Pending => PendingOf(_now, model()).Count();

    /// <summary>Opens or creates the file and reads it. Calling this is optional: the first use opens the file.</summary>
    /// <exception cref="TeachingException">The folder cannot be written, or commits would not be safe in it.</exception>
    public void Open() => Use("opened", _ => true);

    /// <summary>Makes a change that can be taken back.</summary>
    /// <param name="kind">One of <see cref="StepKinds"/>.</param>
    /// <param name="decide">
    /// Decides what to change, given the newest state. Nobody else can make a change until it returns. If it throws, nothing is changed.
    /// </param>
    /// <exception cref="TeachingException">The change was refused, or it could not be written; nothing was changed.</exception>
    public ExampleChange Change(string kind, Func<ExampleState, ExamplePlan> decide) => Use("written", connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        ExampleState before = Newest(connection);
        ExamplePlan plan = decide(before);
        if (plan.Edits.Count == 0)
            return new ExampleChange(null, [], [], before);
        (ExampleState after, IReadOnlyList<long> dropped) = Bounded(before, plan.Edits);
        _ceiling.Cover(after.NextId - 1);
        long step = UndoJournal.Begin(connection, clock.GetUtcNow(), kind, plan.Summary);
        List<TaughtExample> added = [];
        ExampleState made = before;
        foreach (ExampleEdit edit in plan.Edits.Concat(dropped.Select(id => new ExampleEdit.Remove(id))))
        {
            made = made.After([edit]);
            if (edit is ExampleEdit.Add add)
            {
                added.Add(made.Examples[^1]);
                UndoJournal.Add(connection, step, made.Examples[^1], add.Example.Crop);
            }
            else
            {
                UndoJournal.Apply(connection, step, edit);
            }
        }
        UndoJournal.Trim(connection, step, options.MaxBytes / JournalShare);
        ExampleState now = Commit(connection, transaction, made);
        return new ExampleChange(now.Steps[^1], [.. added.Where(example => !dropped.Contains(example.Id))], dropped, now);
    });

    /// <summary>Returns the state as it would be after a change, with what the bounds drop, and the ids of what they drop.</summary>
    /// <exception cref="TeachingException">The bounds do not allow the change.</exception>
    public (ExampleState After, IReadOnlyList<long> Dropped) Bounded(ExampleState before, IReadOnlyList<ExampleEdit> edits)
    {
        ExampleState after = before.After(edits);
        if (after.Examples.Length <= before.Examples.Length && !edits.Any(edit => edit is ExampleEdit.Relabel))
            return (after, []);
        IReadOnlyList<long> dropped = ExampleBounds.Choose(after.Examples, options);
        return (after.After(dropped.Select(id => new ExampleEdit.Remove(id))), dropped);
    }

    /// <summary>Takes the last step back. Examples and products are then bit by bit as they were before it.</summary>
    /// <param name="step">The step that must be the last one, or null for whichever is. It prevents that somebody else's step is taken back.</param>
    /// <exception cref="TeachingException">There is no step, or another one is the last one; nothing was changed.</exception>
    public TeachingStep Undo(long? step) => Use("written", connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        ExampleState before = Newest(connection);
        if (before.Steps is not [.., var last])
            throw new TeachingException(TeachingException.NotFound, "There is nothing to take back.", $"The last {UndoJournal.Kept} changes can be taken back.");
        if (step is { } wanted && wanted != last.Seq)
        {
            throw new TeachingException(
                TeachingException.Conflict, $"Step {wanted} is not the last one; that is step {last.Seq}: {last.Summary}", "Steps are taken back one by one, the last one first.");
        }
        UndoJournal.TakeBack(connection, last.Seq);
        Commit(connection, transaction, null);
        return last;
    });

    /// <summary>Replaces descriptors that another model made. An example whose crop changed or went in the meantime is left out.</summary>
    /// <param name="made">The id of each example, the SHA-256 of the crop and the new descriptor.</param>
    /// <param name="madeBy">The <see cref="Models.LoadedModel.DescriptorSource"/> that made them.</param>
    public void Redescribe(IReadOnlyList<(long Id, string CropSha256, CompactDescriptor Descriptor)> made, string madeBy) => Use("written", connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach ((long id, string crop, CompactDescriptor descriptor) in made)
        {
            connection.Execute(
                "UPDATE example SET model = $2, scale = $3, codes = $4 WHERE id = $0 AND crop_sha256 = $1", id, crop, madeBy, (double)descriptor.Scale, descriptor.Codes);
        }
        Commit(connection, transaction, null);
        return true;
    });

    /// <summary>Takes examples out of <see cref="Pending"/> whose crops cannot be decoded, so that the others can be compared.</summary>
    public void GiveUp(long id)
    {
        lock (_gate)
        {
            _unreadable.Add(id);
            Publish(_now);
        }
    }

    /// <summary>Returns the examples whose descriptors another model made, and can be made anew.</summary>
    public IReadOnlyList<TaughtExample> PendingExamples => [.. PendingOf(_now, model())];

    /// <summary>Returns the crop of an example as JPEG, or null if there is no such example.</summary>
    /// <exception cref="TeachingException">The file cannot be read.</exception>
    public byte[]? Crop(long id) => Use("read", connection => ExampleDatabase.ReadCrop(connection, id));

    /// <summary>Notices what another process changed, and a change of the model.</summary>
    /// <exception cref="TeachingException">The file cannot be read.</exception>
    public void Refresh() => Use("read", connection =>
    {
        // SQLite counts up when another connection commits.
        if (connection.Scalar<long>("PRAGMA data_version") is var version && version != _dataVersion)
        {
            _dataVersion = version;
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            if (ExampleDatabase.Counter(connection, "version") != _now.Version)
                Publish(ExampleDatabase.Read(connection));
        }
        return true;
    });

    /// <summary>Gives <see cref="TaughtProducts"/> the examples of the model in use. Call it after another model came into use.</summary>
    public void UseModel()
    {
        lock (_gate)
            Publish(_now);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
            _isDisposed = true;
        }
    }

    /// <summary>Reads what another process wrote. Call it inside a transaction.</summary>
    ExampleState Newest(SqliteConnection connection) =>
        ExampleDatabase.Counter(connection, "version") == _now.Version ? _now : ExampleDatabase.Read(connection);

    /// <param name="made">The examples and products after the change, or null to read them.</param>
    ExampleState Commit(SqliteConnection connection, SqliteTransaction transaction, ExampleState? made)
    {
        long version = ExampleDatabase.Counter(connection, "version") + 1;
        ExampleDatabase.SetCounter(connection, "version", version);
        if (made is not null)
            ExampleDatabase.SetCounter(connection, "next_id", made.NextId);
        ExampleState now = made is null ? ExampleDatabase.Read(connection) : made with { Version = version, Steps = ExampleDatabase.ReadSteps(connection) };
        transaction.Commit();
        Publish(now);
        return now;
    }

    void Publish(ExampleState state)
    {
        _now = state;
        string? current = model();
        bool isComplete = current is not null && !PendingOf(state, current).Any();
        taught.Replace(isComplete
            ? [.. state.Examples.Where(example => example.Model == current).Select(example => new Example(example.Id, example.Label, example.Slot, example.Descriptor))]
            : [], current, isComplete);
        Changed?.Invoke();
    }

    IEnumerable<TaughtExample> PendingOf(ExampleState state, string? current) =>
        current is null ? [] : state.Examples.Where(example => example.Model != current && !_unreadable.Contains(example.Id));

    /// <summary>Opens the database if it is closed. The caller must hold the lock.</summary>
    SqliteConnection OpenIfClosed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        _ceiling.Load();
        SqliteConnection connection = DurableDatabase.Repairing(() => ExampleDatabase.Open(_path), SetAside);
        try
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            // Ids were used although this database is new, so an earlier one was deleted or damaged.
            if (ExampleDatabase.Counter(connection, "opened") == 0)
            {
                ExampleDatabase.SetCounter(connection, "opened", 1);
                ExampleDatabase.SetCounter(connection, "next_id", _ceiling.Value + 1);
            }
            ExampleState state = ExampleDatabase.Read(connection);
            transaction.Commit();
            _dataVersion = connection.Scalar<long>("PRAGMA data_version");
            _connection = connection;
            Publish(state);
            return connection;
        }
        catch
        {
            _connection = null;
            connection.Dispose();
            throw;
        }
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    void SetAside(SqliteException damage)
    {
        Close();
        string name = DamagedDatabases.SetAside(_path, clock.GetUtcNow());
        log.ExamplesDamaged(damage, name);
        Lost?.Invoke($"The examples were damaged and are kept as {name}; the products must be taught again or imported.");
    }

    /// <summary>Runs one statement or transaction at a time. If the database is damaged, a new file is created and the work is tried once more.</summary>
    T Use<T>(string what, Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            try
            {
                return DurableDatabase.Repairing(() => work(OpenIfClosed()), SetAside);
            }
            catch (UnsafeDatabaseException problem)
            {
                throw new TeachingException(TeachingException.ExamplesNotKept, problem.Message, problem.Hint, problem);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new TeachingException(
                    TeachingException.ExamplesNotKept, $"The examples {_path} cannot be {what}: {error.Message}",
                    "Nothing was changed. Check with `df` that the volume has room and is not read-only, and that this user may write to the folder.", error);
            }
        }
    }
}
