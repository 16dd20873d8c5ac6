namespace EdgeShelf.Platform;

/// <summary>A temporary folder that only this user can enter. It is deleted with all that is in it.</summary>
sealed class PrivateFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgeshelf-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
