namespace EdgeShelf.Platform;

/// <summary>Replaces a file that all may read, so that a power cut leaves the old or the new content, never a part.</summary>
static class AtomicFile
{
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        string draft = path + ".new";
        using (FileStream file = new(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        ReadableByAll.Grant(draft);
        File.Move(draft, path, overwrite: true);
    }
}
