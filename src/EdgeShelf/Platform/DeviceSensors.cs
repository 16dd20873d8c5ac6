using System.Globalization;

namespace EdgeShelf.Platform;

/// <summary>What the machine says about itself. Null where it does not.</summary>
static class DeviceSensors
{
    const string Thermometer = "/sys/class/thermal/thermal_zone0/temp";

    /// <summary>Of the processor, in degrees Celsius.</summary>
    public static double? Temperature()
    {
        try
        {
            return long.TryParse(File.ReadAllText(Thermometer).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long thousandths)
                ? thousandths / 1000.0
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Bytes that a user who is not root may still write, and all there are, on a folder's volume.</summary>
    public static (long Free, long Total)? Disk(string folder)
    {
        try
        {
            DriveInfo drive = new(Path.GetFullPath(folder));
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
