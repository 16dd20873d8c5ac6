using System.Globalization;

namespace EdgeShelf.Platform;

/// <summary>The temperature of the processor, as the kernel tells it.</summary>
static class Thermometer
{
    /// <param name="root">The root of the file system; another one in tests.</param>
    /// <returns>Degrees Celsius, or null where there is no sensor.</returns>
    public static double? Read(string root = "/") =>
        SystemFile.Read(root, "sys/class/thermal/thermal_zone0/temp") is { } text
            && double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double thousandths) ? thousandths / 1000 : null;
}
