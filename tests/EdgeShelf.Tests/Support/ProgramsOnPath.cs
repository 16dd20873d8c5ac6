namespace EdgeShelf.Tests.Support;

static class ProgramsOnPath
{
    /// <summary>The full path of a program on the PATH or in one of the folders, or null.</summary>
    public static string? Find(string name, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
