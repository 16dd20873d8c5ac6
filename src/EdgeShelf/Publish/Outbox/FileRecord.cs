using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// The files that the newest results came from. A file is recorded in the same transaction as its result, so that after a kill or a power cut
/// nobody gives the same file a second id.
/// </summary>
static class FileRecord
{
    /// <summary>
    /// The distance between the numbers of the newest and the oldest result on record. The folder's own journal has all files, but after a power
    /// cut it can lack those of the last half minute, which are fewer.
    /// </summary>
    const long Kept = 1000;

    public static void Add(SqliteConnection connection, long seq, PictureFile file)
    {
        connection.Execute("INSERT INTO file VALUES ($0, $1, $2, $3, $4)", seq, file.Folder, file.Name, file.Length, file.LastWrite.Ticks);
        connection.Execute("DELETE FROM file WHERE seq <= $0", seq - Kept);
    }

    public static IReadOnlyList<PictureFile> Of(SqliteConnection connection, string folder)
    {
        using SqliteCommand command = connection.Command("SELECT name, length, last_write FROM file WHERE folder = $0 ORDER BY seq", folder);
        using SqliteDataReader row = command.ExecuteReader();
        List<PictureFile> files = [];
        while (row.Read())
            files.Add(new PictureFile(folder, row.GetString(0), row.GetInt64(1), new DateTime(row.GetInt64(2), DateTimeKind.Utc)));
        return files;
    }
}
