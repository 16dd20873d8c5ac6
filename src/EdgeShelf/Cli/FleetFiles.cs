using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Reads the files that the verbs of `fleet` are given.</summary>
static class FleetFiles
{
    /// <exception cref="ConfigurationException">The file cannot be read, or is larger than a document may be.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path, DesiredDocument.MaxBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}", "Name a file that you may read.", problem);
        }
    }
}
