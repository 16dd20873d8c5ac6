using System.Text;

namespace EdgeShelf.Capture.Programs;

/// <summary>Keeps the end of a text stream of any length. All members are thread-safe.</summary>
sealed class TailBuffer
{
    const int Capacity = 4096;
    const int LinesShown = 3;

    readonly Lock _gate = new();
    byte[] _tail = [];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            byte[] joined = [.. _tail, .. bytes];
            _tail = joined[Math.Max(0, joined.Length - Capacity)..];
        }
    }

    /// <summary>The last few lines, joined into one and without control characters.</summary>
    public string LastLines()
    {
        string text;
        lock (_gate)
            text = Encoding.UTF8.GetString(_tail);
        IEnumerable<string> lines = text.Split('\n').Select(line => string.Concat(line.Where(c => !char.IsControl(c))).Trim()).Where(line => line.Length > 0);
        return string.Join(" / ", lines.TakeLast(LinesShown));
    }
}
