namespace EdgeShelf.Platform;

/// <summary>The space on the volume that holds a folder.</summary>
/// <param name="Free">The number of bytes that a user other than root can still write.</param>
/// <param name="Total">The size of the volume, in bytes.</param>
readonly record struct VolumeSpace(long Free, long Total)
{
    /// <returns>Null if the space cannot be determined, for example because the folder does not exist.</returns>
    public static VolumeSpace? Of(string folder)
    {
        try
        {
            DriveInfo drive = new(Path.GetFullPath(folder));
            return new VolumeSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
