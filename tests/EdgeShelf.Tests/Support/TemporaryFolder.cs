namespace EdgeShelf.Tests.Support;

/// <summary>A folder of its own that goes with the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgeshelf-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <returns>The path of the new file.</returns>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that a test killed may still be writing; the system clears its temporary folder.
        }
    }
}
