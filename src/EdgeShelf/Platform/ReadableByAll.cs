namespace EdgeShelf.Platform;

/// <summary>Models are no secret, and who makes them is not who reads them: root runs the verbs, often under a strict umask, and the service has a user of its own.</summary>
static class ReadableByAll
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder and those above it, where they are missing.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent)
            CreateFolder(parent);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, FolderMode);
    }

    public static void Grant(string file) => File.SetUnixFileMode(file, FileMode);

    /// <summary>A folder and all that is in it.</summary>
    public static void GrantAll(string folder)
    {
        File.SetUnixFileMode(folder, FolderMode);
        foreach (string inner in Directory.EnumerateDirectories(folder))
            GrantAll(inner);
        foreach (string file in Directory.EnumerateFiles(folder))
            Grant(file);
    }
}
