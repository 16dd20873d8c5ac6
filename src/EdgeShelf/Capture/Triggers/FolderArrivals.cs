namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Decides from repeated listings of a folder which pictures are new and complete. Polling is more reliable here than inotify, whose
/// queue can overflow, and which does not work across network mounts or for a folder that does not exist yet.
/// </summary>
sealed class FolderArrivals
{
    /// <summary>A file that ends like a complete picture is taken when it has not changed for this long.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    /// <summary>A file without such an end is taken when it has not changed for this long, so that its fault is reported.</summary>
    public static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(10);

    // The number of deleted files whose names are kept, so that files of a mount that disappears and returns do not count as new.
    const int MaxForgotten = 10_000;

    readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Marks files as not new: those that existed before the watch began, or were taken before a restart.</summary>
    public void Ignore(IEnumerable<Sighting> files)
    {
        foreach (Sighting file in files)
            _known[file.Name] = new Known(file, default, Taken: true);
    }

    /// <param name="files">All files that are currently in the folder.</param>
    /// <param name="now">The time, by a monotonic clock.</param>
    /// <param name="endsWhole">A function that tells whether a file ends like a complete picture.</param>
    /// <returns>The new pictures, in the order in which they were last written.</returns>
    public IReadOnlyList<Sighting> Look(IReadOnlyList<Sighting> files, TimeSpan now, Func<string, bool> endsWhole)
    {
        List<Sighting> arrived = [];
        foreach (Sighting file in files)
        {
            if (!_known.TryGetValue(file.Name, out Known? known) || known.Last != file)
            {
                _known[file.Name] = new Known(file, now, Taken: false);
                continue;
            }
            TimeSpan quiet = now - known.Since;
            if (known.Taken || quiet < Settled || (quiet < Abandoned && !endsWhole(file.Name)))
                continue;
            _known[file.Name] = known with { Taken = true };
            arrived.Add(file);
        }
        Forget(files);
        return [.. arrived.OrderBy(file => file.LastWrite).ThenBy(file => file.Name, StringComparer.Ordinal)];
    }

    void Forget(IReadOnlyList<Sighting> files)
    {
        if (_known.Count <= files.Count + MaxForgotten)
            return;
        foreach (string gone in _known.Keys.Except(files.Select(file => file.Name)).ToList())
            _known.Remove(gone);
    }

    public readonly record struct Sighting(string Name, long Length, DateTime LastWrite);

    sealed record Known(Sighting Last, TimeSpan Since, bool Taken);
}
