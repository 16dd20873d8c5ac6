using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Teaching.Store;

/// <summary>
/// Keeps what takes the last changes back, in the same database and in the same transaction as the changes. Taking a step back restores the
/// rows of examples, crops and products bit by bit.
/// </summary>
static class UndoJournal
{
    /// <summary>The number of steps that can be taken back.</summary>
    public const int Kept = 20;

    /// <summary>Begins a step.</summary>
    /// <returns>Its number.</returns>
    public static long Begin(SqliteConnection connection, DateTimeOffset at, string kind, string summary)
    {
        long seq = ExampleDatabase.Counter(connection, "next_step");
        connection.Execute("INSERT INTO step(seq, at, kind, summary) VALUES ($0, $1, $2, $3)", seq, at.ToUnixTimeMilliseconds(), kind, summary);
        ExampleDatabase.SetCounter(connection, "next_step", seq + 1);
        return seq;
    }

    /// <summary>Makes an edit and notes how to take it back.</summary>
    public static void Apply(SqliteConnection connection, long step, ExampleEdit edit)
    {
        switch (edit)
        {
            case ExampleEdit.Remove(var id):
                connection.Execute(
                    """
                    INSERT INTO undo(step, what, id, label, slot, taken_at, source, crop_sha256, crop_bytes, model, scale, codes, jpeg)
                    SELECT $0, 'removed', id, label, slot, taken_at, source, crop_sha256, crop_bytes, model, scale, codes, jpeg FROM example JOIN crop USING (id) WHERE id = $1
                    """,
                    step, id);
                ExampleDatabase.Delete(connection, id);
                break;
            case ExampleEdit.Relabel(var id, var label):
                connection.Execute("INSERT INTO undo(step, what, id, label) SELECT $0, 'relabelled', id, label FROM example WHERE id = $1", step, id);
                connection.Execute("UPDATE example SET label = $1 WHERE id = $0", id, label);
                break;
            case ExampleEdit.PutProduct(var product):
                NoteProduct(connection, step, product.Label);
                connection.Execute("INSERT OR REPLACE INTO product VALUES ($0, $1, $2, $3)", product.Label, product.Name, product.Sku, product.Gtin);
                break;
            case ExampleEdit.RemoveProduct(var label):
                NoteProduct(connection, step, label);
                connection.Execute("DELETE FROM product WHERE label = $0", label);
                break;
            default:
                throw new ArgumentException($"{edit.GetType().Name} is made by {nameof(Add)}.", nameof(edit));
        }
    }

    /// <summary>Adds an example and notes how to take it back.</summary>
    public static void Add(SqliteConnection connection, long step, TaughtExample example, ReadOnlyMemory<byte> crop)
    {
        ExampleDatabase.Insert(connection, example, crop);
        connection.Execute("INSERT INTO undo(step, what, id) VALUES ($0, 'added', $1)", step, example.Id);
    }

    /// <summary>Drops the oldest steps where there are too many, or where they take too much space. The newest step is always kept.</summary>
    /// <param name="maxBytes">The maximum size of the removed examples in all steps, in bytes.</param>
    public static void Trim(SqliteConnection connection, long step, long maxBytes)
    {
        connection.Execute("UPDATE step SET bytes = (SELECT coalesce(sum(crop_bytes + length(codes)), 0) FROM undo WHERE step = $0) WHERE seq = $0", step);
        connection.Execute(
            """
            DELETE FROM step WHERE seq < $0 AND (
                (SELECT count(*) FROM step AS later WHERE later.seq >= step.seq) > $1
                OR (SELECT sum(later.bytes) FROM step AS later WHERE later.seq >= step.seq) > $2)
            """,
            step, Kept, maxBytes);
        connection.Execute("DELETE FROM undo WHERE step NOT IN (SELECT seq FROM step)");
    }

    /// <summary>Takes a step back and forgets it.</summary>
    public static void TakeBack(SqliteConnection connection, long step)
    {
        List<(long Ordinal, string What, long Id, string? Label)> entries = [];
        using (SqliteCommand command = connection.Command("SELECT ordinal, what, coalesce(id, 0), label FROM undo WHERE step = $0 ORDER BY ordinal DESC", step))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            while (row.Read())
                entries.Add((row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3)));
        }
        foreach ((long ordinal, string what, long id, string? label) in entries)
        {
            switch (what)
            {
                case "added":
                    ExampleDatabase.Delete(connection, id);
                    break;
                case "removed":
                    connection.Execute(
                        "INSERT INTO example SELECT id, label, slot, taken_at, source, crop_sha256, crop_bytes, model, scale, codes FROM undo WHERE ordinal = $0", ordinal);
                    connection.Execute("INSERT INTO crop SELECT id, jpeg FROM undo WHERE ordinal = $0", ordinal);
                    break;
                case "relabelled":
                    connection.Execute("UPDATE example SET label = $1 WHERE id = $0", id, label);
                    break;
                case "product":
                    connection.Execute("INSERT OR REPLACE INTO product SELECT label, name, sku, gtin FROM undo WHERE ordinal = $0", ordinal);
                    break;
                case "no-product":
                    connection.Execute("DELETE FROM product WHERE label = $0", label);
                    break;
                default:
                    throw new EdgeShelfException($"The journal of examples has an entry `{what}`, which this version does not know.", "Install the newest version of the edgeshelf package.");
            }
        }
        connection.Execute("DELETE FROM undo WHERE step = $0", step);
        connection.Execute("DELETE FROM step WHERE seq = $0", step);
    }

    static void NoteProduct(SqliteConnection connection, long step, string label)
    {
        int known = connection.Execute("INSERT INTO undo(step, what, label, name, sku, gtin) SELECT $0, 'product', label, name, sku, gtin FROM product WHERE label = $1", step, label);
        if (known == 0)
            connection.Execute("INSERT INTO undo(step, what, label) VALUES ($0, 'no-product', $1)", step, label);
    }
}
