using System.Globalization;
using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Outbox;

/// <summary>
/// A file beside the outbox with a number that no used sequence number exceeds. It is raised in blocks, on disk before
/// the first number of a block is used; so a lost database never leads to a number being given twice.
/// </summary>
sealed class SequenceCeiling(string path)
{
    /// <summary>One write of the file for so many numbers; as many are skipped when the database is lost.</summary>
    public const long Block = 1000;

    public long Value { get; private set; }

    /// <summary>Reads the file; zero when there is none yet or its content is no number.</summary>
    public void Load() =>
        Value = File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;

    /// <summary>After it returns, <paramref name="seq"/> may be used.</summary>
    public void Cover(long seq)
    {
        if (seq <= Value)
            return;
        long next = seq + Block - 1;
        DurableFile.Write(path, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        Value = next;
    }
}
