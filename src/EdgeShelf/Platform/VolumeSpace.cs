namespace EdgeShelf.Platform;

/// <summary>Room on the volume that holds a folder.</summary>
/// <param name="Free">Bytes that a user who is not root may still write.</param>
/// <param name="Total">Size of the volume in bytes.</param>
readonly record struct VolumeSpace(long Free, long Total)
{
    /// <returns>Null where the system does not tell, for example because the folder is gone.</returns>
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
