namespace EdgeShelf.Platform;

/// <summary>Small files in which Linux tells about itself. What is missing or refused is null.</summary>
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

    /// <summary>The rest of the first line that begins so.</summary>
    public static string? Value(string root, string path, string beginning) =>
        Read(root, path)?.Split('\n').FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))?[beginning.Length..].Trim();
}
