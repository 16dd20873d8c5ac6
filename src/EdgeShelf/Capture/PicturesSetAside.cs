using System.Text.Json;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture;

/// <summary>The file that stores how often each picture ended the service. It holds the newest pictures only, and most of the time none.</summary>
sealed class PicturesSetAside(string path)
{
    const int MaxPictures = 1000;

    readonly List<Culprit> _culprits = [];

    /// <summary>Reads the file. A file that is damaged counts as empty.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to read the file.</exception>
    public void Load()
    {
        _culprits.Clear();
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), CaptureJson.Default.ListCulprit) is { } kept)
                _culprits.AddRange(kept.Where(culprit => culprit is { Sha256: not null }));
        }
        catch (JsonException)
        {
            // The pictures in it are tried again.
        }
    }

    /// <param name="sha256">The SHA-256 of the encoded bytes, in lower-case hex.</param>
    public int TimesOf(string sha256) => _culprits.Find(culprit => culprit.Sha256 == sha256)?.Times ?? 0;

    /// <summary>Counts one more end of the service. The file has it when this method returns.</summary>
    /// <returns>The number of ends so far.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to write the file.</exception>
    public int Add(string sha256, string name)
    {
        int times = TimesOf(sha256) + 1;
        _culprits.RemoveAll(culprit => culprit.Sha256 == sha256);
        _culprits.Add(new Culprit(sha256, name, times));
        if (_culprits.Count > MaxPictures)
            _culprits.RemoveAt(0);
        Write();
        return times;
    }

    /// <summary>Forgets a picture that did not end the service after all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to write the file.</exception>
    public void Remove(string sha256)
    {
        if (_culprits.RemoveAll(culprit => culprit.Sha256 == sha256) > 0)
            Write();
    }

    void Write() => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(_culprits, CaptureJson.Default.ListCulprit));

    internal sealed record Culprit(string Sha256, string Name, int Times);
}
