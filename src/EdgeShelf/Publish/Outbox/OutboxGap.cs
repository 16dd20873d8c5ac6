using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// A run of messages that the backend will not receive. It is kept in the outbox until one event can report the whole run.
/// </summary>
/// <param name="EventType">One of <see cref="EventTypes"/>.</param>
sealed record OutboxGap(string EventType, string Message, JsonNode Data)
{
    public const string Dropped = "dropped";
    public const string Refused = "refused";

    /// <summary>Adds a message to the open run, or begins a new run.</summary>
    public static void Widen(SqliteConnection connection, string kind, long seq, string reason) => connection.Execute(
        """
        INSERT INTO gap VALUES ($0, 1, $1, $1, $2)
        ON CONFLICT(kind) DO UPDATE SET count = count + 1, first_seq = min(first_seq, $1), last_seq = max(last_seq, $1)
        """,
        kind, seq, reason);

    /// <summary>Ends the open run and returns it, or returns null if there is none.</summary>
    public static OutboxGap? TryClose(SqliteConnection connection, string kind)
    {
        using SqliteCommand command = connection.Command("DELETE FROM gap WHERE kind = $0 RETURNING count, first_seq, last_seq, reason", kind);
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
            return null;
        (long count, long first, long last, string reason) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3));
        JsonObject data = new() { ["count"] = count, ["first_seq"] = first, ["last_seq"] = last, ["reason"] = reason };
        return kind == Dropped
            ? new OutboxGap(EventTypes.MessagesDropped, $"{count} messages from {first} to {last} were dropped: {reason}.", data)
            : new OutboxGap(EventTypes.MessagesRefused, $"The broker refused {count} messages from {first} to {last}: {reason}. `edgeshelf outbox list --refused` shows them.", data);
    }
}
