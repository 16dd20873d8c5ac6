using System.Globalization;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Platform;

/// <summary>Opens SQLite files in such a way that a commit is on disk when it returns, even if the power fails immediately after.</summary>
static class DurableDatabase
{
    /// <summary>The oldest version of SQLite without a fault that can corrupt a database when the write-ahead log starts over (sqlite.org/wal.html, "the WAL-reset bug").</summary>
    public static readonly Version OldestSafeSqlite = new(3, 51, 3);

    /// <summary>The size in bytes to which the write-ahead log is truncated after it was written into the database.</summary>
    public const long WalBytes = 4 << 20;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="schema">Statements that create what is missing.</param>
    /// <exception cref="SqliteException">The file cannot be opened or is damaged, see <see cref="IsDamage"/>.</exception>
    /// <exception cref="UnsafeDatabaseException">This version of SQLite or the file system cannot guarantee that commits are safe.</exception>
    public static SqliteConnection Open(string path, string schema)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            RequireSafeSqlite(connection, path);
            // This takes effect only on a new file, and only before the first table.
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA synchronous = FULL");
            connection.Execute($"PRAGMA journal_size_limit = {WalBytes}");
            connection.Execute("PRAGMA wal_autocheckpoint = 256");
            Require(connection, path, "journal_mode", "wal");
            Require(connection, path, "synchronous", "2");
            if (connection.Scalar<string>("PRAGMA quick_check(1)") is var verdict && verdict != "ok")
                throw new SqliteException(verdict, SQLitePCL.raw.SQLITE_CORRUPT);
            connection.Execute(schema);
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

    /// <summary>Runs a piece of work. If the file turns out to be damaged, it is set aside, and the work runs once more, on a new file.</summary>
    /// <param name="work">Opens the file if it is closed, and uses it.</param>
    /// <param name="setAside">Closes the file and sets it aside.</param>
    /// <exception cref="SqliteException">The work failed otherwise, or the new file is damaged too.</exception>
    public static T Repairing<T>(Func<T> work, Action<SqliteException> setAside)
    {
        try
        {
            return work();
        }
        catch (SqliteException damage) when (IsDamage(damage))
        {
            setAside(damage);
            return work();
        }
    }

    static void RequireSafeSqlite(SqliteConnection connection, string path)
    {
        string version = connection.Scalar<string>("SELECT sqlite_version()")!;
        if (Version.Parse(version) < OldestSafeSqlite)
        {
            throw new UnsafeDatabaseException(
                $"SQLite is {version}; {OldestSafeSqlite} or newer is needed, because older versions can corrupt {path}.",
                "Install the edgeshelf package again; the package includes its own SQLite.");
        }
    }

    static void Require(SqliteConnection connection, string path, string pragma, string wanted)
    {
        string found = Convert.ToString(connection.Scalar<object>($"PRAGMA {pragma}"), CultureInfo.InvariantCulture) ?? "";
        if (found != wanted)
        {
            throw new UnsafeDatabaseException(
                $"{path} has {pragma} {found}; it needs {wanted} to survive a power cut.",
                "Move the state directory to a local file system that supports write-ahead logs, such as ext4.");
        }
    }
}

/// <summary>A commit to this database would not be safe. The hint says what to do next.</summary>
sealed class UnsafeDatabaseException(string message, string hint) : IOException(message)
{
    public string Hint { get; } = hint;
}
