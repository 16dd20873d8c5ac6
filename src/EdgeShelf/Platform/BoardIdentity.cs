namespace EdgeShelf.Platform;

/// <summary>What tells this computer apart from all others of its kind.</summary>
/// <param name="Serial">The board's serial number, or null where the board has none.</param>
/// <param name="Mac">The hardware address of its network card, twelve lower-case hexadecimal digits, or null without a card.</param>
sealed record BoardIdentity(string? Serial, string? Mac)
{
    /// <param name="root">The root of the file system. Tests pass another folder.</param>
    public static BoardIdentity Read(string root = "/") => new(SerialIn(root), MacIn(root));

    /// <summary>A Raspberry Pi has it in the device tree, whose strings end with a NUL; a PC in the tables of its firmware, which only root reads.</summary>
    static string? SerialIn(string root) => SerialOf(SystemFile.Read(root, "proc/device-tree/serial-number")) ?? SerialOf(SystemFile.Read(root, "sys/class/dmi/id/product_serial"));

    /// <summary>Firmware that knows no number says so in words.</summary>
    static string? SerialOf(string? text) => text?.TrimEnd('\0').Trim() is { Length: > 0 } serial && serial.All(char.IsAsciiLetterOrDigit) ? serial : null;

    /// <summary>Wired cards come first, because they are there on each boot; bridges and tunnels have no device and are left out.</summary>
    static string? MacIn(string root)
    {
        string cards = Path.Combine(root, "sys/class/net");
        if (!Directory.Exists(cards))
            return null;
        return Directory.GetFileSystemEntries(cards).Where(card => Directory.Exists(Path.Combine(card, "device")))
            .OrderBy(card => Path.GetFileName(card)[0] == 'e' ? 0 : 1).ThenBy(card => card, StringComparer.Ordinal)
            .Select(card => SystemFile.Read(card, "address")?.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant())
            .FirstOrDefault(mac => mac is { Length: 12 } && mac != "000000000000");
    }
}
