using System.Collections.Immutable;
using System.IO.Compression;
using EdgeShelf.Platform;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Web.History;

/// <summary>The table of `history.db`; see <see cref="DurableDatabase"/>.</summary>
static class HistoryDatabase
{
    // Documents are compressed, because those of a shelf with many slots repeat themselves and can be as large as the picture.
    const string Schema = """
        CREATE TABLE IF NOT EXISTS picture(
            seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, needs_review INTEGER NOT NULL, bytes INTEGER NOT NULL, document BLOB NOT NULL, jpeg BLOB NOT NULL);
        """;

    public static SqliteConnection Open(string path) => DurableDatabase.Open(path, Schema);

    /// <summary>Reads what there is, without documents and pictures, the oldest first.</summary>
    public static ImmutableList<KeptPicture> Read(SqliteConnection connection)
    {
        ImmutableList<KeptPicture>.Builder pictures = ImmutableList.CreateBuilder<KeptPicture>();
        using SqliteCommand command = connection.Command("SELECT seq, at, needs_review, bytes FROM picture ORDER BY seq");
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            pictures.Add(new KeptPicture(row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2) != 0, row.GetInt64(3)));
        return pictures.ToImmutable();
    }

    /// <param name="document">The result as UTF-8 JSON.</param>
    /// <returns>The picture as it was written.</returns>
    public static KeptPicture Insert(SqliteConnection connection, long seq, DateTimeOffset at, bool needsReview, byte[] document, byte[] jpeg)
    {
        byte[] packed = Packed(document);
        KeptPicture picture = new(seq, DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()), needsReview, packed.Length + jpeg.Length);
        connection.Execute(
            "INSERT OR REPLACE INTO picture VALUES ($0, $1, $2, $3, $4, $5)", seq, at.ToUnixTimeMilliseconds(), needsReview ? 1 : 0, picture.Bytes, packed, jpeg);
        return picture;
    }

    public static void Delete(SqliteConnection connection, long seq) => connection.Execute("DELETE FROM picture WHERE seq = $0", seq);

    /// <summary>Gives the room of deleted pictures back to the disk, a few pages at a time.</summary>
    public static void Shrink(SqliteConnection connection) => connection.Execute("PRAGMA incremental_vacuum(64)");

    public static byte[]? ReadJpeg(SqliteConnection connection, long seq) => connection.Scalar<byte[]>("SELECT jpeg FROM picture WHERE seq = $0", seq);

    /// <summary>Returns the document of a picture as UTF-8 JSON, or null if there is no such picture.</summary>
    public static byte[]? ReadDocument(SqliteConnection connection, long seq) =>
        connection.Scalar<byte[]>("SELECT document FROM picture WHERE seq = $0", seq) is { } packed ? Unpacked(packed) : null;

    static byte[] Packed(byte[] document)
    {
        using MemoryStream packed = new();
        using (BrotliStream compression = new(packed, CompressionLevel.Fastest))
            compression.Write(document);
        return packed.ToArray();
    }

    static byte[] Unpacked(byte[] packed)
    {
        using BrotliStream compression = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream document = new();
        compression.CopyTo(document);
        return document.ToArray();
    }
}

/// <summary>A picture of the history, without its document and its JPEG.</summary>
/// <param name="At">The time when it was taken, in UTC and whole milliseconds.</param>
/// <param name="Bytes">The size of the document and the JPEG on disk, in bytes.</param>
sealed record KeptPicture(long Seq, DateTimeOffset At, bool NeedsReview, long Bytes);
