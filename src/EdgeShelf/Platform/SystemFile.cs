namespace EdgeShelf.Platform;

/// <summary>Reads small system files of Linux, such as those in /proc and /sys. The result is null if a file is missing or cannot be read.</summary>
static class SystemFile
{
    public static string? Read(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The rest of the first line that begins with the given text.</summary>
    public static string? Value(string root, string path, string beginning) =>
        Read(root, path)?.Split('\n').FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))?[beginning.Length..].Trim();
}
