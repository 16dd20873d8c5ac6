namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Decides from one look at a folder after another which pictures are new and whole. Looking beats the kernel's notices here:
/// they overflow, do not cross network mounts, and cannot be had for a folder that is not there yet.
/// </summary>
sealed class FolderArrivals
{
    /// <summary>A file that ends like a whole picture is taken when it has not changed for this long.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    /// <summary>A file without such an end is taken when it has not changed for this long, so that its fault is reported.</summary>
    public static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(10);

    // Names of files that are gone are kept up to this many, because a mount that comes and goes is not a new delivery.
    const int MaxForgotten = 10_000;

    readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What was there before the watch began, or was taken before a restart, is not new.</summary>
    public void Ignore(IEnumerable<Sighting> files)
    {
        foreach (Sighting file in files)
            _known[file.Name] = new Known(file, default, Taken: true);
    }

    /// <param name="files">Everything in the folder now.</param>
    /// <param name="now">On a clock that only goes forward.</param>
    /// <param name="endsWhole">Whether the file ends like a whole picture.</param>
    /// <returns>New pictures, in the order they were last written.</returns>
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
