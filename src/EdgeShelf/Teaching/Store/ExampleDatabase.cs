using System.Collections.Immutable;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Teaching.Store;

/// <summary>The tables of `examples.db`; see <see cref="DurableDatabase"/>. What belongs together is written in the caller's transaction.</summary>
static class ExampleDatabase
{
    // Crops have a table of their own, so that reading the examples does not read them.
    const string Schema = """
        CREATE TABLE IF NOT EXISTS example(
            id INTEGER PRIMARY KEY, label TEXT NOT NULL, slot TEXT, taken_at INTEGER NOT NULL, source TEXT NOT NULL,
            crop_sha256 TEXT NOT NULL, crop_bytes INTEGER NOT NULL, model TEXT NOT NULL, scale REAL NOT NULL, codes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS crop(id INTEGER PRIMARY KEY, jpeg BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS product(label TEXT PRIMARY KEY, name TEXT, sku TEXT, gtin TEXT) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS step(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, summary TEXT NOT NULL, bytes INTEGER NOT NULL DEFAULT 0);

        -- What takes a step back, in the order in which it was done: the columns of a row as they were before.
        CREATE TABLE IF NOT EXISTS undo(
            ordinal INTEGER PRIMARY KEY, step INTEGER NOT NULL, what TEXT NOT NULL, id INTEGER, label TEXT, slot TEXT, taken_at INTEGER, source TEXT,
            crop_sha256 TEXT, crop_bytes INTEGER, model TEXT, scale REAL, codes BLOB, jpeg BLOB, name TEXT, sku TEXT, gtin TEXT);
        CREATE INDEX IF NOT EXISTS undo_step ON undo(step);
        INSERT OR IGNORE INTO counter VALUES ('next_id', 1), ('next_step', 1), ('version', 0), ('opened', 0);
        """;

    public static SqliteConnection Open(string path) => DurableDatabase.Open(path, Schema);

    public static long Counter(SqliteConnection connection, string name) => connection.Scalar<long>("SELECT value FROM counter WHERE name = $0", name);

    public static void SetCounter(SqliteConnection connection, string name, long value) => connection.Execute("UPDATE counter SET value = $1 WHERE name = $0", name, value);

    /// <summary>Reads everything but the crops.</summary>
    public static ExampleState Read(SqliteConnection connection)
    {
        ImmutableArray<TaughtExample>.Builder examples = ImmutableArray.CreateBuilder<TaughtExample>();
        using (SqliteCommand command = connection.Command("SELECT id, label, slot, taken_at, source, crop_sha256, crop_bytes, model, scale, codes FROM example ORDER BY id"))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            while (row.Read())
            {
                examples.Add(new TaughtExample(
                    row.GetInt64(0), row.GetString(1), Text(row, 2), Time(row.GetInt64(3)), row.GetString(4), row.GetString(5), row.GetInt32(6), row.GetString(7),
                    new CompactDescriptor(row.GetFieldValue<byte[]>(9), (float)row.GetDouble(8))));
            }
        }
        ImmutableSortedDictionary<string, Product>.Builder products = ExampleState.None.Products.ToBuilder();
        using (SqliteCommand command = connection.Command("SELECT label, name, sku, gtin FROM product"))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            while (row.Read())
                products.Add(row.GetString(0), new Product(row.GetString(0), Text(row, 1), Text(row, 2), Text(row, 3)));
        }
        return new ExampleState(Counter(connection, "version"), Counter(connection, "next_id"), examples.ToImmutable(), products.ToImmutable(), ReadSteps(connection));
    }

    public static ImmutableArray<TeachingStep> ReadSteps(SqliteConnection connection)
    {
        ImmutableArray<TeachingStep>.Builder steps = ImmutableArray.CreateBuilder<TeachingStep>();
        using SqliteCommand command = connection.Command("SELECT seq, at, kind, summary FROM step ORDER BY seq");
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            steps.Add(new TeachingStep(row.GetInt64(0), Time(row.GetInt64(1)), row.GetString(2), row.GetString(3)));
        return steps.ToImmutable();
    }

    public static byte[]? ReadCrop(SqliteConnection connection, long id) => connection.Scalar<byte[]>("SELECT jpeg FROM crop WHERE id = $0", id);

    public static void Insert(SqliteConnection connection, TaughtExample example, ReadOnlyMemory<byte> crop)
    {
        connection.Execute(
            "INSERT INTO example VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
            example.Id, example.Label, example.Slot, example.TakenAt.ToUnixTimeMilliseconds(), example.Source, example.CropSha256, example.CropBytes,
            example.Model, (double)example.Descriptor.Scale, example.Descriptor.Codes);
        connection.Execute("INSERT INTO crop VALUES ($0, $1)", example.Id, crop.ToArray());
    }

    public static void Delete(SqliteConnection connection, long id)
    {
        connection.Execute("DELETE FROM example WHERE id = $0", id);
        connection.Execute("DELETE FROM crop WHERE id = $0", id);
    }

    static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
