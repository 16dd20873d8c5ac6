using System.Text;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Win32.SafeHandles;

namespace EdgeShelf.Capture.Gpio;

/// <summary>A GPIO chip as the kernel lists it. Its number depends on board, kernel and boot; its label does not.</summary>
/// <param name="Path">The path of the device node.</param>
/// <param name="Label">The label, such as `pinctrl-bcm2711`.</param>
sealed record GpioChip(string Path, string Label, int Lines)
{
    // The chips of the 40-pin header: of Raspberry Pi 5, of Raspberry Pi 4, and of all earlier models and the Zero 2 W.
    static readonly string[] HeaderLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];

    /// <summary>Returns the chips of this machine that can be opened.</summary>
    /// <param name="problem">The reason why a chip could not be opened, or null if all could be opened or there are none.</param>
    public static IReadOnlyList<GpioChip> List(out string? problem)
    {
        List<GpioChip> chips = [];
        problem = null;
        foreach (string path in Directory.EnumerateFiles("/dev", "gpiochip*").Order(StringComparer.Ordinal))
        {
            try
            {
                chips.Add(Read(path));
            }
            catch (IOException refused)
            {
                problem = refused.Message;
            }
        }
        return chips;
    }

    /// <summary>Calls <see cref="Choose"/> with the chips of this machine.</summary>
    public static GpioChip Find(string? label) => Choose(List(out string? problem), label, problem);

    /// <summary>Returns the chip with this label. Without a label it is the chip of the 40-pin header, or else the chip with the most lines.</summary>
    /// <exception cref="EdgeShelfException">There is no such chip. The message lists the existing chips.</exception>
    public static GpioChip Choose(IReadOnlyList<GpioChip> chips, string? label, string? problem)
    {
        GpioChip? found = string.IsNullOrEmpty(label)
            ? HeaderLabels.Select(header => chips.FirstOrDefault(chip => chip.Label == header)).FirstOrDefault(chip => chip is not null)
                ?? chips.MaxBy(chip => chip.Lines)
            : chips.Where(chip => chip.Label == label).MaxBy(chip => chip.Lines);
        if (found is not null)
            return found;
        if (problem is not null)
            throw new EdgeShelfException($"The GPIO chips cannot be used: {problem}.", "Add the user of the service to the group gpio.");
        throw chips.Count == 0
            ? new EdgeShelfException("This computer has no GPIO chip.", "Remove Capture:Gpio:Button:Line and Capture:Gpio:Led:Line from the configuration, or connect the board that has the button and the light.")
            : new EdgeShelfException(
                $"No GPIO chip has the label {label}; there are {string.Join(", ", chips.Select(chip => $"{chip.Label} ({chip.Lines} lines)"))}.", "Correct Capture:Gpio:Chip in the configuration; `gpiodetect` lists the chips.");
    }

    static unsafe GpioChip Read(string path)
    {
        using SafeFileHandle chip = Posix.Open(path, Posix.ReadWrite | Posix.CloseOnExec);
        GpioAbi.ChipInfo info = default;
        Posix.Control(chip, GpioAbi.GetChipInfo, ref info, path);
        ReadOnlySpan<byte> label = new(info.Label, 32);
        int end = label.IndexOf((byte)0);
        return new GpioChip(path, Encoding.UTF8.GetString(end < 0 ? label : label[..end]), (int)info.Lines);
    }
}
