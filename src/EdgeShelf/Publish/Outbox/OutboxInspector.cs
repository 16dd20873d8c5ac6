using EdgeShelf.Platform;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// Lets the operator inspect an outbox, even while the service runs: it reads messages, puts refused messages back, and deletes
/// messages that the operator no longer needs. It never creates or repairs a file.
/// </summary>
sealed class OutboxInspector : IDisposable
{
    readonly SqliteConnection _connection;

    OutboxInspector(SqliteConnection connection) => _connection = connection;

    /// <exception cref="OutboxException">There is no outbox in the folder, or it cannot be read.</exception>
    public static OutboxInspector Open(string folder)
    {
        string path = Path.Combine(folder, DurableOutbox.FileName);
        if (!File.Exists(path))
            throw new OutboxException($"There is no outbox in {folder}.", "Name the service's state directory with --folder. The package uses /var/lib/edgeshelf.");
        try
        {
            return new OutboxInspector(OutboxDatabase.OpenExisting(path));
        }
        catch (SqliteException error)
        {
            throw new OutboxException($"The outbox {path} cannot be opened: {error.Message}", "Run the command as the service's user: sudo -u edgeshelf edgeshelf outbox …", error);
        }
    }

    /// <summary>Returns messages that wait, oldest first.</summary>
    public IReadOnlyList<WaitingEntry> Waiting(int atMost) => Read(
        "SELECT seq, topic, payload, committed_at FROM message ORDER BY seq LIMIT $0", atMost,
        row => new WaitingEntry(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), Time(row.GetInt64(3))));

    /// <summary>Returns refused messages, oldest first.</summary>
    public IReadOnlyList<RefusedEntry> Refused(int atMost) => Read(
        "SELECT seq, topic, payload, refused_at, reason FROM refused ORDER BY seq LIMIT $0", atMost,
        row => new RefusedEntry(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), Time(row.GetInt64(3)), row.GetString(4)));

    public long Counter(string name) => _connection.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);

    /// <summary>Returns the document of a message that waits or was refused, or null.</summary>
    public byte[]? Find(long seq) => _connection.Scalar<byte[]>(
        "SELECT payload FROM message WHERE seq = $0 UNION ALL SELECT payload FROM refused WHERE seq = $0 LIMIT 1", seq);

    /// <summary>Puts refused messages back into the queue in the order of their numbers. The service finds them within half a minute.</summary>
    /// <param name="seq">The number of one message, or null for all.</param>
    /// <returns>The number of messages.</returns>
    public int Retry(long? seq)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        // No process has the run 0, so the message is sent as replayed. Its age is unknown, so the age cap does not drop it.
        _connection.Execute("INSERT OR IGNORE INTO message SELECT seq, topic, payload, refused_at, 0, 0, 0 FROM refused WHERE $0 IS NULL OR seq = $0", seq);
        int count = _connection.Execute("DELETE FROM refused WHERE $0 IS NULL OR seq = $0", seq);
        transaction.Commit();
        return count;
    }

    /// <summary>Deletes refused messages. An event reported them to the backend when they were refused.</summary>
    public int PurgeRefused(long? seq) => _connection.Execute("DELETE FROM refused WHERE $0 IS NULL OR seq = $0", seq);

    /// <summary>Deletes the messages that wait. An event reports this to the backend, like any other drop.</summary>
    public int PurgeWaiting()
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _connection.Execute(
            """
            INSERT INTO gap SELECT 'dropped', count(*), min(seq), max(seq), 'purged by the operator' FROM message WHERE true HAVING count(*) > 0
            ON CONFLICT(kind) DO UPDATE SET count = count + excluded.count, first_seq = min(first_seq, excluded.first_seq), last_seq = max(last_seq, excluded.last_seq)
            """);
        int count = _connection.Execute("DELETE FROM message");
        _connection.Execute("UPDATE counter SET value = value + $0 WHERE name = 'dropped'", count);
        transaction.Commit();
        return count;
    }

    public void Dispose() => _connection.Dispose();

    List<T> Read<T>(string sql, int atMost, Func<SqliteDataReader, T> entry)
    {
        using SqliteCommand command = _connection.Command(sql, atMost);
        using SqliteDataReader row = command.ExecuteReader();
        List<T> entries = [];
        while (row.Read())
            entries.Add(entry(row));
        return entries;
    }

    static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

sealed record WaitingEntry(long Seq, string Topic, byte[] Payload, DateTimeOffset CommittedAt);

sealed record RefusedEntry(long Seq, string Topic, byte[] Payload, DateTimeOffset RefusedAt, string Reason);
