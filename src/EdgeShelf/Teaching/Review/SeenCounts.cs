using Microsoft.Data.Sqlite;

namespace EdgeShelf.Teaching.Review;

/// <summary>How often entries were seen since the last write. Writing that with each picture would wear out the SD card. Thread-safe.</summary>
sealed class SeenCounts
{
    readonly Lock _gate = new();
    readonly Dictionary<long, int> _counts = [];

    public void Add(long id)
    {
        lock (_gate)
            _counts[id] = _counts.GetValueOrDefault(id) + 1;
    }

    public int Of(long id)
    {
        lock (_gate)
            return _counts.GetValueOrDefault(id);
    }

    /// <summary>Adds the counts to those in the file and begins anew.</summary>
    public void Write(SqliteConnection connection)
    {
        lock (_gate)
        {
            foreach ((long id, int more) in _counts)
                ReviewDatabase.Count(connection, id, more);
            _counts.Clear();
        }
    }
}
