using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// The messages on their way to the broker, oldest first. A message is on disk when the call that added it returns. It is removed only when
/// the broker has it, or because of a cap, which is counted and reported. This type is thread-safe.
/// </summary>
sealed class DurableOutbox(
    string folder, PublishOptions options, TimeProvider clock, Func<bool> isClockSynced, Func<long> freeBytes, ILogger<DurableOutbox> log,
    long maxWalBytes = DurableOutbox.MaxWalBytes) : IDisposable
{
    public const string FileName = "outbox.db";
    public const string CeilingFileName = "outbox.seq";

    /// <summary>The age from which a message describes the past and not the present.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>A run of drops has ended when there was no drop for this long, or when no message waits any more.</summary>
    public static readonly TimeSpan DropRunEnds = TimeSpan.FromMinutes(1);

    /// <summary>The size limit of the write-ahead log, in bytes. It grows past <see cref="DurableDatabase.WalBytes"/> only while another program keeps reading.</summary>
    public const long MaxWalBytes = 32 << 20;

    /// <summary>The number of free pages of 4 KiB that the file may keep for new messages.</summary>
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

    /// <summary>The UUID of the installation, or null while the outbox could not be opened.</summary>
    public Guid? Installation => _installation.Value == Guid.Empty ? null : _installation.Value;

    /// <summary>Raised after each commit, on the thread that made the commit. Handlers must only send a signal.</summary>
    public event Action? Appended;

    /// <summary>
    /// Opens or creates the files. Calling this is optional: the first use opens them, and opens them again after a problem with
    /// the disk. A damaged database is set aside and an event reports it.
    /// </summary>
    /// <exception cref="OutboxException">The folder cannot be written, or this version of SQLite cannot guarantee that commits are safe.</exception>
    public void Open() => Use("opened", _ => true);

    /// <summary>Commits a result under the next number.</summary>
    /// <param name="file">The file that the picture came from, or null. It is recorded together with the result; see <see cref="FilesOf"/>.</param>
    /// <exception cref="OutboxException">The outbox could not be written; nothing was committed.</exception>
    public CommittedResult AppendResult(ShelfResult result, Trigger trigger, DateTimeOffset capturedAt, PictureFile? file = null)
    {
        CommittedResult? committed = null;
        Append(OutboxTopics.Result, seq =>
        {
            committed = new CommittedResult(
                $"{options.Device}-{seq}", options.Device, seq, _boot, capturedAt, isClockSynced(), trigger, result, clock.GetTimestamp(), _installation.Value);
            return JsonSerializer.SerializeToUtf8Bytes(ResultDocument.Of(committed), PublishJson.Wire.ResultDocument);
        }, file);
        return committed!;
    }

    /// <summary>Returns the files of a folder from which the newest results came, in the order of the results.</summary>
    /// <param name="folder">The full path of the folder.</param>
    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    public IReadOnlyList<PictureFile> FilesOf(string folder) => Use("read", connection => FileRecord.Of(connection, folder));

    /// <summary>Commits an event under the next number.</summary>
    /// <param name="type">The stable, machine-readable type of the event.</param>
    /// <param name="message">What happened, for people.</param>
    /// <param name="data">More about it as JSON, or null.</param>
    /// <exception cref="OutboxException">The outbox could not be written; nothing was committed.</exception>
    public void AppendEvent(string type, string message, JsonNode? data = null) =>
        Append(OutboxTopics.Event, seq => NewEvent(seq, type, message, data));

    /// <summary>Like <see cref="AppendEvent"/>, but logs a failure of the disk instead of throwing.</summary>
    public void TryAppendEvent(string type, string message, JsonNode? data = null)
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

    /// <summary>Returns the oldest message that waits, or null.</summary>
    public OutboxMessage? Peek() => Use("read", connection =>
    {
        using SqliteCommand command = connection.Command("SELECT seq, topic, payload, run, tick FROM message ORDER BY seq LIMIT 1");
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
            return null;
        bool waitedLong = row.GetInt64(3) != _run || clock.GetElapsedTime(row.GetInt64(4)) > FreshFor;
        return new OutboxMessage(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), waitedLong);
    });

    /// <summary>Removes a message that the broker has. It also reports earlier drops, because messages are being sent again.</summary>
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

    /// <summary>Moves a message that the broker refused for good out of the queue, where the operator can see it, so that the next messages can be sent.</summary>
    public void SetAside(long seq, string reason)
    {
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(
                "INSERT OR REPLACE INTO refused SELECT seq, topic, payload, $1, $2 FROM message WHERE seq = $0",
                seq, clock.GetUtcNow().ToUnixTimeMilliseconds(), reason);
            connection.Execute("DELETE FROM message WHERE seq = $0", seq);
            // Do not report that such a report was refused, because that would never end.
            if (connection.Scalar<long>("SELECT instr(payload, CAST($1 AS BLOB)) FROM refused WHERE seq = $0", seq, $"\"type\":\"{EventTypes.MessagesRefused}\"") == 0)
                OutboxGap.Widen(connection, OutboxGap.Refused, seq, reason);
            transaction.Commit();
            return true;
        });
    }

    /// <summary>Returns free pages to the volume, a few megabytes at a time. Call this when there is nothing else to do.</summary>
    /// <returns>True if there are more free pages to return.</returns>
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

    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    public OutboxDepth Depth => Use("read", connection => new OutboxDepth(
        Counter(connection, "messages"), Counter(connection, "bytes"),
        connection.Scalar<long?>("SELECT committed_at FROM message ORDER BY seq LIMIT 1") is { } oldest ? DateTimeOffset.FromUnixTimeMilliseconds(oldest) : null,
        Counter(connection, "dropped"), Counter(connection, "refused")));

    /// <summary>How full the outbox is, for display. This property never throws: if the outbox cannot be read, it returns the last known numbers and the reason.</summary>
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

    void Append(string topic, Func<long, byte[]> document, PictureFile? file = null)
    {
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            long seq = Insert(connection, topic, document);
            if (file is not null)
                FileRecord.Add(connection, seq, file);
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
                // The first column is 1 while a reader blocks the checkpoint.
                if (connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0)
                    return;
                OutboxDatabase.Rewrite(connection, _path);
                _connection = OutboxDatabase.Open(_path);
                log.OutboxRewritten(bytes);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or OutboxException)
            {
                // The message itself is committed. The next message tries to rewrite the file again.
                log.OutboxNotRewritten(error, bytes);
                if (connection.State != System.Data.ConnectionState.Open)
                    Close();
            }
        }
    }

    /// <summary>Inserts a message within the caller's transaction, so that the number and the row are committed together.</summary>
    /// <returns>The number.</returns>
    long Insert(SqliteConnection connection, string topic, Func<long, byte[]> document)
    {
        long seq = Counter(connection, "next_seq");
        _ceiling.Cover(seq);
        byte[] payload = document(seq);
        connection.Execute(
            "INSERT INTO message VALUES ($0, $1, $2, $3, $4, $5, $6)",
            seq, topic, payload, clock.GetUtcNow().ToUnixTimeMilliseconds(), isClockSynced() ? 1 : 0, _run, clock.GetTimestamp());
        connection.Execute("UPDATE counter SET value = $0 WHERE name = 'next_seq'", seq + 1);
        return seq;
    }

    byte[] NewEvent(long seq, string type, string message, JsonNode? data) => JsonSerializer.SerializeToUtf8Bytes(new EventDocument
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
    }, PublishJson.Wire.EventDocument);

    bool TellOfGap(SqliteConnection connection, string kind)
    {
        if (OutboxGap.TryClose(connection, kind) is not { } gap)
            return false;
        Insert(connection, OutboxTopics.Event, seq => NewEvent(seq, gap.EventType, gap.Message, gap.Data));
        return true;
    }

    /// <summary>Opens the database if it is closed. The caller must hold the lock.</summary>
    /// <param name="setAside">The new name of the damaged database that this new one replaces, or null.</param>
    SqliteConnection OpenIfClosed(string? setAside = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        _ceiling.Load();
        _installation.LoadOrCreate();
        SqliteConnection connection = DurableDatabase.Repairing(() => OutboxDatabase.Open(_path), damage => setAside = SetFilesAside(damage));
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
        // Numbers were used although this database is new, so an earlier one was deleted or truncated.
        if (setAside is not null || (runs == 0 && _ceiling.Value > 0))
        {
            long first = _ceiling.Value + 1;
            connection.Execute("UPDATE counter SET value = max(value, $0) WHERE name = 'next_seq'", first);
            string message = setAside is null
                ? "The outbox was lost, with the messages that waited in it."
                : $"The outbox was damaged and is kept as {setAside}; the messages that waited in it will not be sent.";
            Insert(connection, OutboxTopics.Event, seq => NewEvent(seq, EventTypes.OutboxRestarted, message, new JsonObject { ["first_seq"] = first, ["set_aside"] = setAside }));
            log.OutboxRestarted(message, first);
        }
        transaction.Commit();
    }

    /// <returns>The new name of the database.</returns>
    string SetFilesAside(Exception damage)
    {
        Close();
        string name = DamagedDatabases.SetAside(_path, clock.GetUtcNow());
        log.OutboxDamaged(damage, name);
        return name;
    }

    /// <summary>Runs one statement or transaction at a time. If the database is damaged, a new file is created and the work is tried once more.</summary>
    T Use<T>(string what, Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            try
            {
                string? setAside = null;
                return DurableDatabase.Repairing(() => work(OpenIfClosed(setAside)), damage => setAside = SetFilesAside(damage));
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
