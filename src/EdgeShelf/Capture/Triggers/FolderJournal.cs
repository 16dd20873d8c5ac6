using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Remembers on disk which pictures of the watched folder were taken, so that a restart takes those that still wait and none twice. A
/// line for each: time of the last change, length, name. It is begun anew at each start, without the files that are gone.
/// </summary>
/// <remarks>Lines are not flushed one by one: after a power cut the last few pictures may be taken again, and none is forgotten.</remarks>
sealed class FolderJournal(string path, string folder)
{
    /// <returns>The pictures that were taken; null when nothing was written of this folder yet.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public IReadOnlyList<FolderArrivals.Sighting>? Read()
    {
        if (!File.Exists(path))
            return null;
        using StreamReader lines = new(path, Encoding.UTF8);
        if (lines.ReadLine() != Header)
            return null;
        List<FolderArrivals.Sighting> taken = [];
        while (lines.ReadLine() is { } line)
        {
            // A power cut can leave half of the last line.
            if (TryParse(line, out FolderArrivals.Sighting picture))
                taken.Add(picture);
        }
        return taken;
    }

    /// <summary>Begins the journal with these pictures, in the place of what was in it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Begin(IEnumerable<FolderArrivals.Sighting> taken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        StringBuilder text = new();
        text.Append(Header).Append('\n');
        foreach (FolderArrivals.Sighting picture in taken)
            text.Append(LineOf(picture));
        DurableFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Add(FolderArrivals.Sighting taken) => File.AppendAllText(path, LineOf(taken));

    string Header => $"edgeshelf-watched-folder 1 {JsonSerializer.Serialize(folder)}";

    static string LineOf(FolderArrivals.Sighting picture) =>
        string.Create(CultureInfo.InvariantCulture, $"{picture.LastWrite.Ticks} {picture.Length} {JsonSerializer.Serialize(picture.Name)}\n");

    static bool TryParse(string line, out FolderArrivals.Sighting picture)
    {
        picture = default;
        string[] fields = line.Split(' ', 3);
        if (fields.Length != 3 || !fields[2].EndsWith('"')
            || !long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) || ticks > DateTime.MaxValue.Ticks
            || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            return false;
        try
        {
            picture = new FolderArrivals.Sighting(JsonSerializer.Deserialize<string>(fields[2])!, length, new DateTime(ticks, DateTimeKind.Utc));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
