namespace EdgeShelf.Tests.Support;

/// <summary>Stand-ins for camera programs: shell scripts that may be run.</summary>
static class ShellScript
{
    /// <returns>The script's path.</returns>
    public static string Write(TemporaryFolder folder, string name, string body)
    {
        string path = folder.File(name);
        string draft = folder.File($"{name}.draft");
        File.WriteAllText(draft, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // By renaming, since a file that is being written cannot be executed.
        File.Move(draft, path, overwrite: true);
        return path;
    }

    /// <summary>Process ids whose command line holds this text.</summary>
    public static IReadOnlyList<int> ProcessesWith(string text) => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => (Folder: folder, IsNumber: int.TryParse(Path.GetFileName(folder), out int pid), Pid: pid))
        .Where(process => process.IsNumber && CommandLine(process.Folder).Contains(text, StringComparison.Ordinal))
        .Select(process => process.Pid)];

    static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
