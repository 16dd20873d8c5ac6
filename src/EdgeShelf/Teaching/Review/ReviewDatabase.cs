using System.Collections.Immutable;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching.Store;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Teaching.Review;

/// <summary>The tables of `review.db`; see <see cref="DurableDatabase"/>. What belongs together is written in the caller's transaction.</summary>
static class ReviewDatabase
{
    /// <summary>The number of answered entries whose crop and descriptor are kept: they can be taken back, and they are not asked again.</summary>
    public const int PastKept = 200;

    /// <summary>The number of answers that are kept for the figures. A row has about 150 bytes.</summary>
    public const int AnswersKept = 5000;

    /// <summary>The number of weeks in the figures.</summary>
    public const int WeeksKept = 12;

    /// <summary>The answer of an entry that was dropped because there were too many. It is not asked again.</summary>
    public const string Dropped = "dropped";

    /// <summary>The answer of an entry that was taught elsewhere, such as on the picture of the shelf.</summary>
    public const string Taught = "taught";

    // An entry that has `turn` is answered. Crops have a table of their own, so that reading the entries does not read them.
    const string Schema = """
        CREATE TABLE IF NOT EXISTS entry(
            id INTEGER PRIMARY KEY, result TEXT NOT NULL, slot TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, label TEXT, confidence REAL, expected TEXT,
            seen INTEGER NOT NULL, model TEXT, scale REAL, codes BLOB, crop_bytes INTEGER NOT NULL,
            turn INTEGER, answered_at INTEGER, answer TEXT, answer_label TEXT, is_right INTEGER, step INTEGER);
        CREATE INDEX IF NOT EXISTS entry_turn ON entry(turn);
        CREATE TABLE IF NOT EXISTS crop(id INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS renamed(ordinal INTEGER PRIMARY KEY, id INTEGER NOT NULL, label TEXT, expected TEXT, step INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO counter VALUES ('next_id', 0), ('next_turn', 1);
        """;

    const string Columns = "id, result, slot, at, reason, label, confidence, expected, seen, model, scale, codes, crop_bytes";

    public static SqliteConnection Open(string path) => DurableDatabase.Open(path, Schema);

    public static long Counter(SqliteConnection connection, string name) => connection.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);

    public static void SetCounter(SqliteConnection connection, string name, long value) => connection.Execute("UPDATE counter SET value = $1 WHERE name = $0", name, value);

    /// <summary>Reads what waits, and the last entries that do not wait any more.</summary>
    public static ReviewState Read(SqliteConnection connection) => new(
        ReadEntries(connection, "WHERE turn IS NULL ORDER BY id"), ReadEntries(connection, $"WHERE turn IS NOT NULL AND crop_bytes >= 0 ORDER BY turn DESC, id DESC LIMIT {PastKept}"));

    public static byte[]? ReadCrop(SqliteConnection connection, long id) => connection.Scalar<byte[]>("SELECT jpeg FROM crop WHERE id = $0", id);

    public static void Insert(SqliteConnection connection, ReviewEntry entry, byte[] crop)
    {
        connection.Execute(
            $"INSERT INTO entry({Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            entry.Id, entry.Result, entry.Slot, entry.At.ToUnixTimeMilliseconds(), entry.Reason, entry.Label, entry.Confidence, entry.Expected, entry.Seen,
            entry.Model, (double?)entry.Descriptor?.Scale, entry.Descriptor?.Codes, entry.CropBytes);
        connection.Execute("INSERT INTO crop VALUES ($0, $1)", entry.Id, crop);
    }

    public static void Delete(SqliteConnection connection, long id)
    {
        connection.Execute("DELETE FROM entry WHERE id = $0", id);
        connection.Execute("DELETE FROM crop WHERE id = $0", id);
        connection.Execute("DELETE FROM renamed WHERE id = $0", id);
    }

    public static void Count(SqliteConnection connection, long id, int more) => connection.Execute("UPDATE entry SET seen = seen + $1 WHERE id = $0", id, more);

    /// <summary>Changes a label in what waits, and keeps what it was, so that it comes back with the step. Answers keep the labels with which they were given.</summary>
    /// <param name="step">The step of the examples that renamed or merged the product, or null if a step was taken back, which itself is final.</param>
    public static void Rename(SqliteConnection connection, string from, string to, long? step)
    {
        if (step is { } made)
        {
            connection.Execute("DELETE FROM renamed WHERE step <= $0", made - UndoJournal.Kept);
            connection.Execute("INSERT INTO renamed(id, label, expected, step) SELECT id, label, expected, $1 FROM entry WHERE (label = $0 OR expected = $0) AND turn IS NULL", from, made);
        }
        connection.Execute("UPDATE entry SET label = $1 WHERE label = $0 AND turn IS NULL", from, to);
        connection.Execute("UPDATE entry SET expected = $1 WHERE expected = $0 AND turn IS NULL", from, to);
    }

    /// <summary>Gives entries the labels back that they had before some steps, which were taken back.</summary>
    /// <param name="last">The last step that is in force.</param>
    /// <returns>The number of entries whose labels came back.</returns>
    public static int RenameBack(SqliteConnection connection, long last)
    {
        int changed = connection.Execute(
            """
            UPDATE entry SET (label, expected) = (SELECT label, expected FROM renamed WHERE renamed.id = entry.id AND step > $0 ORDER BY ordinal LIMIT 1)
            WHERE id IN (SELECT id FROM renamed WHERE step > $0)
            """, last);
        connection.Execute("DELETE FROM renamed WHERE step > $0", last);
        return changed;
    }

    /// <summary>Notes an answer. The entry does not wait any more.</summary>
    /// <param name="step">
    /// The step of the examples that the answer became, or null. An entry that was noticed as taught by the same step counts as waiting, because the
    /// answer itself has taught it.
    /// </param>
    /// <returns>Whether the entry waited.</returns>
    public static bool Answer(SqliteConnection connection, ReviewAnswer answer, long turn, DateTimeOffset at, long? step) => connection.Execute(
        "UPDATE entry SET turn = $1, answered_at = $2, answer = $3, answer_label = $4, is_right = $5, step = $6 WHERE id = $0 AND (turn IS NULL OR (answer = $7 AND step = $6))",
        answer.Id, turn, at.ToUnixTimeMilliseconds(), answer.Answer, answer.Label, answer.IsRight is { } right ? (right ? 1 : 0) : null, step, Taught) == 1;

    /// <summary>Makes entries wait again. What has no crop any more stays as it is.</summary>
    /// <returns>The number of entries that wait again.</returns>
    public static int Restore(SqliteConnection connection, string where, long value) => connection.Execute(
        $"UPDATE entry SET turn = NULL, answered_at = NULL, answer = NULL, answer_label = NULL, is_right = NULL, step = NULL WHERE turn IS NOT NULL AND crop_bytes > 0 AND {where}", value);

    /// <summary>Forgets the oldest crops and answers where there are too many.</summary>
    /// <param name="maxBytes">The maximum size of the crops of answered entries, in bytes.</param>
    public static void Trim(SqliteConnection connection, long maxBytes)
    {
        connection.Execute(
            """
            UPDATE entry SET codes = NULL, scale = NULL, crop_bytes = -1 WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER newest AS place, sum(crop_bytes) OVER newest AS bytes
                    FROM entry WHERE turn IS NOT NULL AND crop_bytes >= 0 WINDOW newest AS (ORDER BY turn DESC, id DESC))
                WHERE place > $0 OR bytes > $1)
            """,
            PastKept, maxBytes);
        connection.Execute("DELETE FROM entry WHERE turn IS NOT NULL AND crop_bytes < 0 AND (is_right IS NULL OR id NOT IN (SELECT id FROM entry WHERE is_right IS NOT NULL ORDER BY turn DESC, id DESC LIMIT $0))", AnswersKept);
        connection.Execute("DELETE FROM crop WHERE id NOT IN (SELECT id FROM entry WHERE crop_bytes >= 0)");
    }

    /// <summary>Returns the figures of the last weeks in which something was answered, the oldest one first.</summary>
    public static IReadOnlyList<ReviewWeek> ReadWeeks(SqliteConnection connection)
    {
        const long DayMs = 86_400_000;
        List<ReviewWeek> weeks = [];
        // The first day of 1970 was a Thursday, three days after a Monday.
        using SqliteCommand command = connection.Command(
            "SELECT (answered_at / $0 + 3) / 7 AS week, count(*), sum(is_right) FROM entry WHERE is_right IS NOT NULL GROUP BY week ORDER BY week DESC LIMIT $1", DayMs, WeeksKept);
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            weeks.Add(new ReviewWeek(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays((row.GetInt64(0) * 7) - 3)), row.GetInt32(1), row.GetInt32(2)));
        weeks.Reverse();
        return weeks;
    }

    /// <summary>Returns the answered entries of a place that were given a label and still have a crop, with that label, the oldest first.</summary>
    public static IReadOnlyList<(ReviewEntry Entry, string Label)> ReadNamed(SqliteConnection connection, string slot)
    {
        Dictionary<long, string> labels = [];
        using (SqliteCommand command = connection.Command("SELECT id, answer_label FROM entry WHERE turn IS NOT NULL AND answer_label IS NOT NULL AND slot = $0", slot))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            while (row.Read())
                labels.Add(row.GetInt64(0), row.GetString(1));
        }
        return [.. ReadEntries(connection, "WHERE turn IS NOT NULL AND crop_bytes > 0 ORDER BY id").Where(entry => labels.ContainsKey(entry.Id)).Select(entry => (entry, labels[entry.Id]))];
    }

    static ImmutableList<ReviewEntry> ReadEntries(SqliteConnection connection, string where)
    {
        ImmutableList<ReviewEntry>.Builder entries = ImmutableList.CreateBuilder<ReviewEntry>();
        using SqliteCommand command = connection.Command($"SELECT {Columns} FROM entry {where}");
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            entries.Add(new ReviewEntry(
                row.GetInt64(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetString(4), Text(row, 5),
                row.IsDBNull(6) ? null : row.GetDouble(6), Text(row, 7), row.GetInt32(8), Text(row, 9),
                row.IsDBNull(11) ? null : new CompactDescriptor(row.GetFieldValue<byte[]>(11), (float)row.GetDouble(10)), row.GetInt32(12)));
        }
        return entries.ToImmutable();
    }

    static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
