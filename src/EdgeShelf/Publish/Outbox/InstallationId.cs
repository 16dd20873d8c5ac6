using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// A random UUID beside the outbox, made once. It tells apart two devices that were given one name: their ids are the same, this
/// is not, unless the state directory was copied from one to the other.
/// </summary>
sealed class InstallationId(string path)
{
    public const string FileName = "installation-id";

    public Guid Value { get; private set; }

    /// <exception cref="IOException">It could not be kept.</exception>
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
