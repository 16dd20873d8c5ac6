using EdgeShelf.Platform;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>The SQLite file of the outbox and its tables; see <see cref="DurableDatabase"/>.</summary>
static class OutboxDatabase
{
    const string CopySuffix = ".copy";
    const string ReadySuffix = ".ready";

    const string Schema = """
        CREATE TABLE IF NOT EXISTS message(
            seq INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL,
            committed_at INTEGER NOT NULL, clock_synced INTEGER NOT NULL, run INTEGER NOT NULL, tick INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS refused(
            seq INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, refused_at INTEGER NOT NULL, reason TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS gap(kind TEXT PRIMARY KEY, count INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS file(seq INTEGER PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL, length INTEGER NOT NULL, last_write INTEGER NOT NULL);
        INSERT OR IGNORE INTO counter VALUES ('next_seq', 1), ('run', 0), ('dropped', 0), ('messages', 0), ('bytes', 0), ('refused', 0), ('refused_bytes', 0);

        -- Counting rows would read the whole table at each commit.
        CREATE TRIGGER IF NOT EXISTS message_added AFTER INSERT ON message BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'messages';
            UPDATE counter SET value = value + length(new.payload) WHERE name = 'bytes'; END;
        CREATE TRIGGER IF NOT EXISTS message_gone AFTER DELETE ON message BEGIN
            UPDATE counter SET value = value - 1 WHERE name = 'messages';
            UPDATE counter SET value = value - length(old.payload) WHERE name = 'bytes'; END;
        CREATE TRIGGER IF NOT EXISTS refused_added AFTER INSERT ON refused BEGIN
            UPDATE counter SET value = value + 1 WHERE name = 'refused';
            UPDATE counter SET value = value + length(new.payload) WHERE name = 'refused_bytes'; END;
        CREATE TRIGGER IF NOT EXISTS refused_gone AFTER DELETE ON refused BEGIN
            UPDATE counter SET value = value - 1 WHERE name = 'refused';
            UPDATE counter SET value = value - length(old.payload) WHERE name = 'refused_bytes'; END;
        """;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="SqliteException">The file cannot be opened or is damaged, see <see cref="DurableDatabase.IsDamage"/>.</exception>
    /// <exception cref="OutboxException">This version of SQLite or the file system cannot guarantee that commits are safe.</exception>
    public static SqliteConnection Open(string path)
    {
        FinishRewrite(path);
        try
        {
            return DurableDatabase.Open(path, Schema);
        }
        catch (UnsafeDatabaseException problem)
        {
            throw new OutboxException(problem.Message, problem.Hint, problem);
        }
    }

    /// <summary>
    /// Replaces a database with a new copy, if its write-ahead log cannot be truncated because another program keeps reading from it.
    /// That program keeps the old file. After a power cut there is either the old or the new file.
    /// </summary>
    /// <param name="connection">The connection to the old file. This method closes it.</param>
    public static void Rewrite(SqliteConnection connection, string path)
    {
        File.Delete(path + CopySuffix);
        connection.Execute("VACUUM INTO $0", path + CopySuffix);
        using (FileStream copy = new(path + CopySuffix, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            copy.Flush(flushToDisk: true);
        // From here on the copy is the valid database.
        File.Move(path + CopySuffix, path + ReadySuffix);
        DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        connection.Dispose();
        FinishRewrite(path);
    }

    /// <summary>Completes a rewrite that a power cut interrupted.</summary>
    public static void FinishRewrite(string path)
    {
        File.Delete(path + CopySuffix);
        if (!File.Exists(path + ReadySuffix))
            return;
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(path + ReadySuffix, path, overwrite: true);
        DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Opens a file that the service has created, to read or change rows while the service may be running.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteConnection OpenExisting(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = FULL");
            _ = connection.Scalar<long>("SELECT count(*) FROM counter");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
