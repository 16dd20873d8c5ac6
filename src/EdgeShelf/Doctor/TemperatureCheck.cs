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
        Throttling throttling = Throttling.Read(root) ?? default;
        string found = celsius is { } degrees ? string.Create(CultureInfo.InvariantCulture, $"{degrees:0} °C") : "no sensor on this board";
        return Task.FromResult(throttling switch
        {
            { WeakPowerNow: true } => Finding.Fault($"{found}, the power supply is too weak right now", "Use the board's own power supply and a short cable."),
            { WeakPowerBefore: true } => Finding.Warning($"{found}, the power supply was too weak since the start", "Use the board's own power supply and a short cable."),
            _ when throttling.SlowNow || celsius >= Hot => Finding.Warning($"{found}, the processor is slowed down", "Improve the airflow around the board or add a heat sink."),
            { SlowBefore: true } => Finding.Warning($"{found}, the processor was slowed down since the start", "Improve the airflow around the board or add a heat sink."),
            _ => Finding.Fine(found),
        });
    }
}
