using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeShelf.Platform;

namespace EdgeShelf.Capture.Triggers;

/// <summary>
/// Records on disk which pictures of the watched folder were taken, so that after a restart waiting pictures are taken and none is taken
/// twice. Each line has the time of the last change, the length and the name. Each start rewrites the file, without deleted pictures.
/// </summary>
/// <remarks>Lines are not flushed one by one. After a power cut the last few pictures may be taken again, but none is missed.</remarks>
sealed class FolderJournal(string path, string folder)
{
    /// <returns>The pictures that were taken, or null if there is no journal for this folder yet.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to read the journal.</exception>
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
            // A power cut can truncate the last line.
            if (TryParse(line, out FolderArrivals.Sighting picture))
                taken.Add(picture);
        }
        return taken;
    }

    /// <summary>Replaces the contents of the journal by these pictures.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to write the journal.</exception>
    public void Begin(IEnumerable<FolderArrivals.Sighting> taken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        StringBuilder text = new();
        text.Append(Header).Append('\n');
        foreach (FolderArrivals.Sighting picture in taken)
            text.Append(LineOf(picture));
        DurableFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <exception cref="IOException">The journal cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user is not allowed to write the journal.</exception>
    public void Add(FolderArrivals.Sighting taken) => File.AppendAllText(path, LineOf(taken));

    string Header => $"edgeshelf-watched-folder 1 {JsonSerializer.Serialize(folder, CaptureJson.Default.String)}";

    static string LineOf(FolderArrivals.Sighting picture) =>
        string.Create(CultureInfo.InvariantCulture, $"{picture.LastWrite.Ticks} {picture.Length} {JsonSerializer.Serialize(picture.Name, CaptureJson.Default.String)}\n");

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
            picture = new FolderArrivals.Sighting(JsonSerializer.Deserialize(fields[2], CaptureJson.Default.String)!, length, new DateTime(ticks, DateTimeKind.Utc));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
