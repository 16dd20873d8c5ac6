namespace EdgeShelf.Platform;

/// <summary>Which start of the machine this is; `random(4)` describes the file.</summary>
static class BootId
{
    const string Path = "/proc/sys/kernel/random/boot_id";

    public static string Read() => File.Exists(Path) ? File.ReadAllText(Path).Trim() : Guid.Empty.ToString();
}
