using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// A random UUID in a file beside the outbox, created once. It distinguishes two devices with the same name: the ids of their results are the same,
/// but this UUID is different unless the state directory was copied from one device to the other.
/// </summary>
sealed class InstallationId(string path)
{
    public const string FileName = "installation-id";

    public Guid Value { get; private set; }

    /// <exception cref="IOException">The file could not be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void LoadOrCreate()
    {
        if (File.Exists(path) && Guid.TryParseExact(File.ReadAllText(path).Trim(), "D", out Guid kept))
        {
            Value = kept;
            return;
        }
        Guid made = Guid.NewGuid();
        DurableFile.Write(path, Encoding.ASCII.GetBytes(made.ToString()));
        Value = made;
    }
}
