using EdgeShelf.Platform;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>Keeps the outbox within its caps. The oldest messages are dropped first, and drops are counted.</summary>
static class OutboxCaps
{
    /// <summary>Enforces the caps within the caller's transaction, after the newest message was inserted. The newest message always stays.</summary>
    /// <returns>True if a message was dropped.</returns>
    public static bool Enforce(
        SqliteConnection connection, PublishOptions options, TimeProvider clock, Func<bool> isClockSynced, Func<long> freeBytes)
    {
        long droppedBefore = Counter("dropped");
        long Counter(string name) => connection.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);

        while (Counter("messages") > options.MaxMessages && DropOldest(connection, $"more than {options.MaxMessages} waited")) { }

        while (Counter("bytes") + Counter("refused_bytes") > options.MaxBytes && Counter("refused") > 0)
            connection.Execute("DELETE FROM refused WHERE seq = (SELECT min(seq) FROM refused)");
        while (Counter("bytes") > options.MaxBytes && DropOldest(connection, $"more than {options.MaxBytes} bytes waited")) { }

        // The age is unknown if the clock is wrong, or was wrong at the time of the message.
        if (isClockSynced())
        {
            long eldest = (clock.GetUtcNow() - options.MaxAge).ToUnixTimeMilliseconds();
            while (connection.Scalar<long>("SELECT committed_at < $0 AND clock_synced FROM message ORDER BY seq LIMIT 1", eldest) == 1
                && DropOldest(connection, $"waited longer than {options.MaxAge}")) { }
        }

        if (freeBytes() < options.MinFreeBytes)
        {
            // Free pages inside the file are used again, so the file does not grow as long as the next message fits into them.
            long next = connection.Scalar<long>("SELECT length(payload) FROM message ORDER BY seq DESC LIMIT 1");
            long pageSize = connection.Scalar<long>("PRAGMA page_size");
            while (connection.Scalar<long>("PRAGMA freelist_count") * pageSize < next + 2 * pageSize
                && DropOldest(connection, $"less than {options.MinFreeBytes} bytes are free on the volume")) { }
        }
        return Counter("dropped") > droppedBefore;
    }

    /// <returns>False if only the newest message is left.</returns>
    static bool DropOldest(SqliteConnection connection, string reason)
    {
        long seq;
        using (SqliteCommand command = connection.Command(
            "DELETE FROM message WHERE seq = (SELECT min(seq) FROM message) AND seq < (SELECT max(seq) FROM message) RETURNING seq"))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            if (!row.Read())
                return false;
            seq = row.GetInt64(0);
        }
        connection.Execute("UPDATE counter SET value = value + 1 WHERE name = 'dropped'");
        OutboxGap.Widen(connection, OutboxGap.Dropped, seq, reason);
        return true;
    }
}
