using System.Device.Gpio;
using EdgeShelf.Capture.Gpio;

namespace EdgeShelf.Doctor;

/// <summary>Checks whether the lines of the button and the LED exist and may be used.</summary>
/// <param name="chip">Finds the chip, and throws if there is none.</param>
/// <param name="open">Opens a line of the chip.</param>
sealed class GpioCheck(GpioOptions options, Func<GpioChip> chip, Func<GpioChip, int, PinMode, GpioLine> open) : DoctorCheck
{
    // EBUSY of errno.h. Messages of Posix end with the number of the error.
    const string Busy = "(16)";

    public override string Name => "gpio";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Button.Line is null && options.Led.Line is null)
            return Task.FromResult(Finding.Fine("no button and no light are configured"));
        GpioChip found = chip();
        List<string> lines = [];
        foreach ((string what, int? line, PinMode mode) in new[] { ("button", options.Button.Line, PinMode.Input), ("light", options.Led.Line, PinMode.Output) })
        {
            if (line is not { } number)
                continue;
            try
            {
                using GpioLine opened = open(found, number, mode);
                lines.Add($"{what} on line {number} ({(opened.IsHigh() ? "high" : "low")} now)");
            }
            catch (IOException problem) when (problem.Message.EndsWith(Busy, StringComparison.Ordinal))
            {
                lines.Add($"{what} on line {number} (in use, by the service if it runs)");
            }
            catch (IOException problem)
            {
                return Task.FromResult(Finding.Fault(
                    $"the {what} cannot be used: {problem.Message}", $"Correct Capture:Gpio; {found.Label} has lines 0 to {found.Lines - 1}, and `gpioinfo` shows which programs use them."));
            }
        }
        return Task.FromResult(Finding.Fine($"{found.Label}: {string.Join(", ", lines)}"));
    }
}
