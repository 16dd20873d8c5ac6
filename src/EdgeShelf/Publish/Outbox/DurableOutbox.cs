using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// What is on its way to the broker, oldest first. What it accepted is on disk when the call returns, and leaves only
/// when the broker has it, or by a cap, which is counted and told. Safe from any thread.
/// </summary>
sealed class DurableOutbox(
    string folder, PublishOptions options, TimeProvider clock, Func<bool> isClockSynced, Func<long> freeBytes, ILogger<DurableOutbox> log,
    long maxWalBytes = DurableOutbox.MaxWalBytes) : IDisposable
{
    public const string FileName = "outbox.db";
    public const string CeilingFileName = "outbox.seq";

    /// <summary>A message that waited this long is a record of the past, not of now.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>A run of drops has ended when none came for so long, or nothing waits any more.</summary>
    public static readonly TimeSpan DropRunEnds = TimeSpan.FromMinutes(1);

    /// <summary>Of the write-ahead log. It grows past <see cref="OutboxDatabase.WalBytes"/> only while another program keeps reading.</summary>
    public const long MaxWalBytes = 32 << 20;

    /// <summary>Free pages of 4 KiB that the file may keep: new messages use them again.</summary>
    const int SpareFreePages = 1024;

    readonly Lock _gate = new();
    readonly string _path = Path.Combine(folder, FileName);
    readonly SequenceCeiling _ceiling = new(Path.Combine(folder, CeilingFileName));
    readonly InstallationId _installation = new(Path.Combine(folder, InstallationId.FileName));
    readonly string _boot = BootId.Read();
    SqliteConnection? _connection;
    bool _isDisposed;
    long _run;
    long? _lastDropAt;
    volatile OutboxFill _lastFill = new(default, null);

    /// <summary>Raised after each commit, on the thread that made it; handlers only signal.</summary>
    public event Action? Appended;

    /// <summary>
    /// Opens the files, or begins them. Not needed: whatever comes first opens them, and opens them again after trouble with
    /// the disk. A damaged database is set aside and an event says so.
    /// </summary>
    /// <exception cref="OutboxException">The folder cannot be written, or SQLite cannot keep the promise.</exception>
    public void Open() => Use("opened", _ => true);

    /// <summary>Commits a result under the next number.</summary>
    /// <exception cref="OutboxException">It could not be written, nothing was committed.</exception>
    public CommittedResult AppendResult(ShelfResult result, Trigger trigger, DateTimeOffset capturedAt)
    {
        CommittedResult? committed = null;
        Append(OutboxTopics.Result, seq =>
        {
            committed = new CommittedResult(
                $"{options.Device}-{seq}", options.Device, seq, _boot, capturedAt, isClockSynced(), trigger, result, clock.GetTimestamp(), _installation.Value);
            return ResultDocument.Of(committed);
        });
        return committed!;
    }

    /// <summary>Commits an event under the next number.</summary>
    /// <param name="type">Stable, for machines.</param>
    /// <param name="message">For people.</param>
    /// <param name="data">Anything that becomes JSON.</param>
    /// <exception cref="OutboxException">It could not be written, nothing was committed.</exception>
    public void AppendEvent(string type, string message, object? data = null) =>
        Append(OutboxTopics.Event, seq => NewEvent(seq, type, message, data));

    /// <summary>As <see cref="AppendEvent"/>, for callers that cannot do more about a disk that fails than let the log say it.</summary>
    public void TryAppendEvent(string type, string message, object? data = null)
    {
        try
        {
            AppendEvent(type, message, data);
        }
        catch (OutboxException problem)
        {
            log.EventLost(type, problem.Message);
        }
    }

    /// <summary>The oldest message that waits, or null.</summary>
    public OutboxMessage? Peek() => Use("read", connection =>
    {
        using SqliteCommand command = connection.Command("SELECT seq, topic, payload, run, tick FROM message ORDER BY seq LIMIT 1");
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
            return null;
        bool waitedLong = row.GetInt64(3) != _run || clock.GetElapsedTime(row.GetInt64(4)) > FreshFor;
        return new OutboxMessage(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), waitedLong);
    });

    /// <summary>The broker has it: it leaves. Tells of drops before it, now that the queue moves again.</summary>
    public void Delivered(long seq)
    {
        bool told = Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute("DELETE FROM message WHERE seq = $0", seq);
            bool dropsEnded = _lastDropAt is not { } last || clock.GetElapsedTime(last) > DropRunEnds || Counter(connection, "messages") == 0;
            bool told = (dropsEnded && TellOfGap(connection, OutboxGap.Dropped)) | TellOfGap(connection, OutboxGap.Refused);
            transaction.Commit();
            return told;
        });
        if (told)
            Appended?.Invoke();
    }

    /// <summary>The broker refused it for good: it is kept apart for the operator, and the queue goes on.</summary>
    public void SetAside(long seq, string reason)
    {
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(
                "INSERT OR REPLACE INTO refused SELECT seq, topic, payload, $1, $2 FROM message WHERE seq = $0",
                seq, clock.GetUtcNow().ToUnixTimeMilliseconds(), reason);
            connection.Execute("DELETE FROM message WHERE seq = $0", seq);
            // Telling of a refused telling would go on for ever.
            if (connection.Scalar<long>("SELECT instr(payload, CAST($1 AS BLOB)) FROM refused WHERE seq = $0", seq, $"\"type\":\"{EventTypes.MessagesRefused}\"") == 0)
                OutboxGap.Widen(connection, OutboxGap.Refused, seq, reason);
            transaction.Commit();
            return true;
        });
    }

    /// <summary>Returns free pages to the volume, a few megabytes at a time. For idle moments.</summary>
    /// <returns>True when there is more to give.</returns>
    public bool GiveSpaceBack() => Use("written", connection =>
    {
        if (connection.Scalar<long>("PRAGMA freelist_count") < SpareFreePages)
            return false;
        connection.Execute($"PRAGMA incremental_vacuum({SpareFreePages})");
        bool more = connection.Scalar<long>("PRAGMA freelist_count") >= SpareFreePages;
        if (!more)
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return more;
    });

    /// <exception cref="OutboxException">It could not be read.</exception>
    public OutboxDepth Depth => Use("read", connection => new OutboxDepth(
        Counter(connection, "messages"), Counter(connection, "bytes"),
        connection.Scalar<long?>("SELECT committed_at FROM message ORDER BY seq LIMIT 1") is { } oldest ? DateTimeOffset.FromUnixTimeMilliseconds(oldest) : null,
        Counter(connection, "dropped"), Counter(connection, "refused")));

    /// <summary>How full the outbox is, for those who show it. Never throws: when the disk does not let it be read, it has the last known numbers and why.</summary>
    public OutboxFill Fill
    {
        get
        {
            try
            {
                return _lastFill = new OutboxFill(Depth, null);
            }
            catch (OutboxException problem)
            {
                return _lastFill with { Problem = problem.Message };
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
            _isDisposed = true;
        }
    }

    void Append(string topic, Func<long, object> document)
    {
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            Insert(connection, topic, document);
            bool dropped = OutboxCaps.Enforce(connection, options, clock, isClockSynced, freeBytes);
            transaction.Commit();
            _lastDropAt = dropped ? clock.GetTimestamp() : _lastDropAt;
            return true;
        });
        CapWriteAheadLog();
        Appended?.Invoke();
    }

    void CapWriteAheadLog()
    {
        lock (_gate)
        {
            FileInfo wal = new(_path + "-wal");
            if (_connection is not { } connection || !wal.Exists || wal.Length < maxWalBytes)
                return;
            long bytes = wal.Length;
            try
            {
                // The first column is 1 while a reader is in the way.
                if (connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0)
                    return;
                OutboxDatabase.Rewrite(connection, _path);
                _connection = OutboxDatabase.Open(_path);
                log.OutboxRewritten(bytes);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or OutboxException)
            {
                // The message itself is committed; it is tried again at the next one.
                log.OutboxNotRewritten(error, bytes);
                if (connection.State != System.Data.ConnectionState.Open)
                    Close();
            }
        }
    }

    /// <summary>Within the caller's transaction: number and row are committed together.</summary>
    void Insert(SqliteConnection connection, string topic, Func<long, object> document)
    {
        long seq = Counter(connection, "next_seq");
        _ceiling.Cover(seq);
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(document(seq), ResultDocument.Json);
        connection.Execute(
            "INSERT INTO message VALUES ($0, $1, $2, $3, $4, $5, $6)",
            seq, topic, payload, clock.GetUtcNow().ToUnixTimeMilliseconds(), isClockSynced() ? 1 : 0, _run, clock.GetTimestamp());
        connection.Execute("UPDATE counter SET value = $0 WHERE name = 'next_seq'", seq + 1);
    }

    EventDocument NewEvent(long seq, string type, string message, object? data) => new()
    {
        Id = $"{options.Device}-{seq}",
        Device = options.Device,
        Installation = _installation.Value,
        Seq = seq,
        Boot = _boot,
        At = clock.GetUtcNow(),
        ClockSynced = isClockSynced(),
        Type = type,
        Message = message,
        Data = data,
    };

    bool TellOfGap(SqliteConnection connection, string kind)
    {
        if (OutboxGap.TryClose(connection, kind) is not { } gap)
            return false;
        Insert(connection, OutboxTopics.Event, seq => NewEvent(seq, gap.EventType, gap.Message, gap.Data));
        return true;
    }

    /// <summary>In the gate.</summary>
    /// <param name="setAside">What a damaged database is called now, where this is a fresh one in its place.</param>
    SqliteConnection OpenIfClosed(string? setAside = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        _ceiling.Load();
        _installation.LoadOrCreate();
        SqliteConnection connection;
        try
        {
            connection = OutboxDatabase.Open(_path);
        }
        catch (SqliteException error) when (OutboxDatabase.IsDamage(error))
        {
            setAside = SetFilesAside(error);
            connection = OutboxDatabase.Open(_path);
        }
        try
        {
            Begin(connection, setAside);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return _connection = connection;
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    void Begin(SqliteConnection connection, string? setAside)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        long runs = Counter(connection, "run");
        _run = runs + 1;
        connection.Execute("UPDATE counter SET value = $0 WHERE name = 'run'", _run);
        // Numbers were used and the database has never been begun: another one was here, or this one was cut to nothing.
        if (setAside is not null || (runs == 0 && _ceiling.Value > 0))
        {
            long first = _ceiling.Value + 1;
            connection.Execute("UPDATE counter SET value = max(value, $0) WHERE name = 'next_seq'", first);
            string message = setAside is null
                ? "The outbox was lost; what waited in it is gone."
                : $"The outbox was damaged and is kept as {setAside}; what waited in it is gone.";
            Insert(connection, OutboxTopics.Event, seq => NewEvent(seq, EventTypes.OutboxRestarted, message, new { first_seq = first, set_aside = setAside }));
            log.OutboxRestarted(message, first);
        }
        transaction.Commit();
    }

    /// <returns>The name that the database now has.</returns>
    string SetFilesAside(Exception damage)
    {
        string name = $"outbox-damaged-{clock.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}.db";
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(_path + suffix))
                File.Move(_path + suffix, Path.Combine(folder, name + suffix), overwrite: true);
        }
        DurableFile.SyncFolder(folder);
        DamagedFiles.KeepNewest(folder);
        log.OutboxDamaged(damage, name);
        return name;
    }

    /// <summary>One statement or transaction at a time; damage found on the way starts a fresh file and tries once more.</summary>
    T Use<T>(string what, Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            try
            {
                try
                {
                    return work(OpenIfClosed());
                }
                catch (SqliteException error) when (OutboxDatabase.IsDamage(error))
                {
                    Close();
                    return work(OpenIfClosed(SetFilesAside(error)));
                }
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw Failed(what, error);
            }
        }
    }

    OutboxException Failed(string what, Exception error) => new(
        $"The outbox {_path} cannot be {what}: {error.Message}",
        "Check with `df` that the volume has room and is not read-only, and that the service may write to the folder.", error);

    static long Counter(SqliteConnection connection, string name) =>
        connection.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);
}
