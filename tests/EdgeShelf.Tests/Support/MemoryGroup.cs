using System.Globalization;

namespace EdgeShelf.Tests.Support;

/// <summary>A control group of the kernel in which programs have a limit of memory, as the service has under systemd: what needs more is killed.</summary>
sealed class MemoryGroup : IDisposable
{
    const string Older = "/sys/fs/cgroup/memory", Newer = "/sys/fs/cgroup";

    readonly string _folder;
    readonly bool _isOlder;

    MemoryGroup(string folder, bool isOlder) => (_folder, _isOlder) = (folder, isOlder);

    /// <summary>Skips the test where that is not allowed.</summary>
    public static MemoryGroup Create(long bytes)
    {
        bool isOlder = Directory.Exists(Older);
        MemoryGroup group = new(Path.Combine(isOlder ? Older : Newer, $"edgeshelf-test-{Environment.ProcessId}-{Guid.NewGuid():N}"), isOlder);
        string? problem = null;
        try
        {
            Directory.CreateDirectory(group._folder);
            File.WriteAllText(Path.Combine(group._folder, isOlder ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception forbidden) when (forbidden is IOException or UnauthorizedAccessException)
        {
            problem = forbidden.Message;
            group.Dispose();
        }
        Assert.SkipWhen(problem is not null, $"a control group for memory is not allowed here (root is needed): {problem}");
        return group;
    }

    /// <summary>In front of a command, it runs there.</summary>
    public string[] Prefix => ["/bin/sh", "-c", $"echo $$ > {_folder}/cgroup.procs && exec \"$@\"", "sh"];

    /// <summary>The most memory that was in use so far in bytes, with what the kernel caches of files; null where the kernel does not count it.</summary>
    public long? Peak => File.Exists(PeakFile) ? long.Parse(File.ReadAllText(PeakFile), CultureInfo.InvariantCulture) : null;

    string PeakFile => Path.Combine(_folder, _isOlder ? "memory.max_usage_in_bytes" : "memory.peak");

    /// <summary>Its programs must have been told to end.</summary>
    public void Dispose()
    {
        if (!Directory.Exists(_folder))
            return;
        Wait.Until(() => File.ReadAllText(Path.Combine(_folder, "cgroup.procs")).Length == 0, TimeSpan.FromSeconds(30));
        Directory.Delete(_folder);
    }
}
