using System.Globalization;
using EdgeShelf.Platform;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>The SQLite file of the outbox and its tables. The file is opened in such a way that a commit is on disk when it returns.</summary>
static class OutboxDatabase
{
    /// <summary>The oldest version of SQLite without a fault that can corrupt a database when the write-ahead log starts over (sqlite.org/wal.html, "the WAL-reset bug").</summary>
    public static readonly Version OldestSafeSqlite = new(3, 51, 3);

    /// <summary>The size in bytes to which the write-ahead log is truncated after it was written into the database.</summary>
    public const long WalBytes = 4 << 20;

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
    /// <exception cref="SqliteException">The file cannot be opened or is damaged, see <see cref="IsDamage"/>.</exception>
    /// <exception cref="OutboxException">This version of SQLite or the file system cannot guarantee that commits are safe.</exception>
    public static SqliteConnection Open(string path)
    {
        FinishRewrite(path);
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            RequireSafeSqlite(connection);
            // This takes effect only on a new file, and only before the first table.
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA synchronous = FULL");
            connection.Execute($"PRAGMA journal_size_limit = {WalBytes}");
            connection.Execute("PRAGMA wal_autocheckpoint = 256");
            Require(connection, "journal_mode", "wal");
            Require(connection, "synchronous", "2");
            if (connection.Scalar<string>("PRAGMA quick_check(1)") is var verdict && verdict != "ok")
                throw new SqliteException(verdict, SQLitePCL.raw.SQLITE_CORRUPT);
            connection.Execute(Schema);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
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

    /// <summary>Whether the content of the file is damaged, so that a retry cannot help.</summary>
    public static bool IsDamage(SqliteException error) =>
        error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    static void RequireSafeSqlite(SqliteConnection connection)
    {
        string version = connection.Scalar<string>("SELECT sqlite_version()")!;
        if (Version.Parse(version) < OldestSafeSqlite)
            throw new OutboxException(
                $"SQLite is {version}; {OldestSafeSqlite} or newer is needed, because older versions can corrupt the outbox.",
                "Install the edgeshelf package again; the package includes its own SQLite.");
    }

    static void Require(SqliteConnection connection, string pragma, string wanted)
    {
        string found = Convert.ToString(connection.Scalar<object>($"PRAGMA {pragma}"), CultureInfo.InvariantCulture) ?? "";
        if (found != wanted)
            throw new OutboxException(
                $"The outbox has {pragma} {found}; it needs {wanted} to survive a power cut.",
                "Move the state directory to a local file system that supports write-ahead logs, such as ext4.");
    }
}
