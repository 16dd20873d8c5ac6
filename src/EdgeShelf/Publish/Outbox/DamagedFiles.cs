namespace EdgeShelf.Publish.Outbox;

/// <summary>Databases that were set aside. Only the newest few are kept for inspection, because space on the disk is limited.</summary>
static class DamagedFiles
{
    const int Kept = 3;

    public static void KeepNewest(string folder)
    {
        // The order of the names is the order in time.
        foreach (string old in Directory.GetFiles(folder, "outbox-damaged-*.db").Order(StringComparer.Ordinal).Reverse().Skip(Kept))
        {
            foreach (string suffix in (string[])["", "-wal", "-shm"])
                File.Delete(old + suffix);
        }
    }
}
