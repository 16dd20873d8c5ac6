namespace EdgeShelf.Platform;

/// <summary>Sets damaged databases aside for inspection. Only the newest few are kept, because space on the disk is limited.</summary>
static class DamagedDatabases
{
    const int Kept = 3;

    static readonly string[] Suffixes = ["", "-wal", "-shm"];

    /// <summary>Renames a database that is closed, with its write-ahead log.</summary>
    /// <param name="path">The database. `outbox.db` becomes `outbox-damaged-20261127T083000000Z.db`.</param>
    /// <param name="now">The time, which becomes a part of the name.</param>
    /// <returns>The new name of the file, without its folder.</returns>
    /// <exception cref="IOException">The files could not be renamed.</exception>
    public static string SetAside(string path, DateTimeOffset now)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string stem = $"{Path.GetFileNameWithoutExtension(path)}-damaged-";
        string name = $"{stem}{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}.db";
        foreach (string suffix in Suffixes)
        {
            if (File.Exists(path + suffix))
                File.Move(path + suffix, Path.Combine(folder, name + suffix), overwrite: true);
        }
        DurableFile.SyncFolder(folder);
        // The order of the names is the order in time.
        foreach (string old in Directory.GetFiles(folder, stem + "*.db").Order(StringComparer.Ordinal).Reverse().Skip(Kept))
        {
            foreach (string suffix in Suffixes)
                File.Delete(old + suffix);
        }
        return name;
    }
}
