using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Doctor;

/// <summary>Reports the temperature, and whether a Raspberry Pi slowed down because of heat or a weak power supply.</summary>
/// <param name="root">The root of the file system; tests use another folder.</param>
sealed class TemperatureCheck(string root = "/") : DoctorCheck
{
    /// <summary>A Raspberry Pi begins to throttle at 80 °C.</summary>
    const double Hot = 80;

    public override string Name => "temperature";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        double? celsius = Thermometer.Read(root);
        // The flags of the firmware, in hexadecimal. Bit 0: under-voltage now; bit 2: throttled now; bits 16 and 18: the same since the start.
        long flags = SystemFile.Read(root, "sys/devices/platform/soc/soc:firmware/get_throttled") is { } hex
            && long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long read) ? read : 0;
        string found = celsius is { } degrees ? string.Create(CultureInfo.InvariantCulture, $"{degrees:0} °C") : "no sensor on this board";
        return Task.FromResult((flags, celsius) switch
        {
            _ when (flags & 0x1) != 0 => Finding.Fault($"{found}, the power supply is too weak right now", "Use the board's own power supply and a short cable."),
            _ when (flags & 0x10000) != 0 => Finding.Warning($"{found}, the power supply was too weak since the start", "Use the board's own power supply and a short cable."),
            _ when (flags & 0x4) != 0 || celsius >= Hot => Finding.Warning($"{found}, the processor is slowed down", "Improve the airflow around the board or add a heat sink."),
            _ when (flags & 0x40000) != 0 => Finding.Warning($"{found}, the processor was slowed down since the start", "Improve the airflow around the board or add a heat sink."),
            _ => Finding.Fine(found),
        });
    }
}
