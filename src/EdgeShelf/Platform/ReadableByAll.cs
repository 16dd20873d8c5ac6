namespace EdgeShelf.Platform;

/// <summary>
/// Makes model files readable by all users. Models are not secret, and the user who makes them is not the one who reads them: root runs
/// the verbs, often with a strict umask, and the service has its own user.
/// </summary>
static class ReadableByAll
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Creates a folder and its parent folders if they do not exist.</summary>
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

    /// <summary>Makes a folder and everything in it readable by all users.</summary>
    public static void GrantAll(string folder)
    {
        File.SetUnixFileMode(folder, FolderMode);
        foreach (string inner in Directory.EnumerateDirectories(folder))
            GrantAll(inner);
        foreach (string file in Directory.EnumerateFiles(folder))
            Grant(file);
    }
}
