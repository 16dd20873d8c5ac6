using System.Globalization;

namespace EdgeShelf.Platform;

/// <summary>Reads the temperature of the processor from the kernel.</summary>
static class Thermometer
{
    /// <param name="root">The root of the file system. Tests pass another folder.</param>
    /// <returns>The temperature in degrees Celsius, or null if there is no sensor.</returns>
    public static double? Read(string root = "/") =>
        SystemFile.Read(root, "sys/class/thermal/thermal_zone0/temp") is { } text
            && double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double thousandths) ? thousandths / 1000 : null;
}
