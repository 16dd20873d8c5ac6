using EdgeShelf.Platform;

namespace EdgeShelf.Cli.Setup;

/// <summary>A file that the answers hold themselves. It is written beside the configuration file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Content">Its text, which is PEM.</param>
/// <param name="Setting">The key of the setting that names it.</param>
/// <param name="IsSecret">Whether only root and the service's user may read it.</param>
sealed record SetupFile(string Name, string Content, string Setting, bool IsSecret = false)
{
    const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <exception cref="IOException">It cannot be written; an earlier one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void WriteIn(string folder)
    {
        string path = Path.Combine(folder, Name);
        DurableFile.Write(path, System.Text.Encoding.UTF8.GetBytes(Content.TrimEnd() + "\n"), IsSecret ? OwnerAndGroup : ReadableByAll.FileMode);
        // The service does not run as root, and reads the key of its certificate itself.
        if (IsSecret && Posix.EffectiveUser() == 0 && Posix.FindUser(ServiceDirectories.User) is { } user)
            Posix.GiveToGroup(path, user.Group);
    }
}
