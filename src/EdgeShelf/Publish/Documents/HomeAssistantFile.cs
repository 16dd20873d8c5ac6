using EdgeShelf.Platform;

namespace EdgeShelf.Publish.Documents;

/// <summary>
/// Keeps the last announcement to Home Assistant, so that entities that are gone can be named once more after a restart, and so that a device that
/// never announced itself has nothing to withdraw. A disk that fails only means that an announcement is not withdrawn.
/// </summary>
sealed class HomeAssistantFile(string folder)
{
    readonly string _path = Path.Combine(folder, "home-assistant-announced");

    /// <summary>What was kept, also if the disk refused it. Otherwise each announcement would take the same entities back once more.</summary>
    byte[]? _kept;

    /// <summary>Whether there is an announcement to withdraw.</summary>
    public bool Exists => File.Exists(_path);

    /// <summary>Returns the announcement, or null if there is none. Earlier versions left an empty file, which does not tell what was announced.</summary>
    public byte[]? Read()
    {
        try
        {
            return _kept ?? (Exists && File.ReadAllBytes(_path) is { Length: > 0 } announcement ? announcement : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps the announcement that the broker has. An empty one withdraws it.</summary>
    public void Keep(byte[] announcement)
    {
        try
        {
            if (announcement.Length == 0)
                File.Delete(_path);
            // The announcement is the same at each connection, and an SD card is finite.
            else if (Read() is not { } before || !before.AsSpan().SequenceEqual(announcement))
                DurableFile.Write(_path, announcement);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The outbox is in the same folder and reports the disk.
        }
        _kept = announcement.Length > 0 ? announcement : null;
    }
}
