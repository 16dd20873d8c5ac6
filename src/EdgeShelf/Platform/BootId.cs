namespace EdgeShelf.Platform;

/// <summary>The kernel's id of the current boot. `random(4)` describes the file.</summary>
static class BootId
{
    const string Path = "/proc/sys/kernel/random/boot_id";

    public static string Read() => File.Exists(Path) ? File.ReadAllText(Path).Trim() : Guid.Empty.ToString();
}
