namespace EdgeShelf.Platform;

/// <summary>What a volume has left for users who are not root.</summary>
static class FreeSpace
{
    /// <summary>Bytes; as much as there can be where the system does not tell.</summary>
    public static long Of(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
