namespace EdgeShelf.Publish.Outbox;

/// <summary>Databases that were set aside: the newest few are kept for whoever wants to look, the disk is finite.</summary>
static class DamagedFiles
{
    const int Kept = 3;

    public static void KeepNewest(string folder)
    {
        // The names sort by time.
        foreach (string old in Directory.GetFiles(folder, "outbox-damaged-*.db").Order(StringComparer.Ordinal).Reverse().Skip(Kept))
        {
            foreach (string suffix in (string[])["", "-wal", "-shm"])
                File.Delete(old + suffix);
        }
    }
}
