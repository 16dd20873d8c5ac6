using System.Globalization;
using System.Text;

namespace EdgeShelf.Platform;

/// <summary>
/// A file beside a database with a number that no used sequence number exceeds. The number is raised in blocks and is on disk before
/// the first number of a block is used, so that no number is used twice even if the database is lost.
/// </summary>
sealed class SequenceCeiling(string path)
{
    /// <summary>The size of a block. A larger block needs fewer writes of the file, but more numbers are skipped if the database is lost.</summary>
    public const long Block = 1000;

    public long Value { get; private set; }

    /// <summary>Reads the file. The value is zero if there is no file yet or its content is not a number.</summary>
    public void Load() =>
        Value = File.Exists(path) && long.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;

    /// <summary>Raises the ceiling if necessary. After this method returns, <paramref name="seq"/> may be used.</summary>
    public void Cover(long seq)
    {
        if (seq <= Value)
            return;
        long next = seq + Block - 1;
        DurableFile.Write(path, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        Value = next;
    }
}
