using System.Collections.Immutable;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// `shelf.json` in the state folder: the confirmed state of the bay, so that a restart neither repeats nor forgets a change. A change is
/// written at once; what only grows older is written once in a quarter of an hour, because an SD card is finite.
/// </summary>
/// <param name="path">The path of the file.</param>
sealed class BayMemoryFile(string path, TimeProvider clock, ILogger log)
{
    public const string FileName = "shelf.json";

    long? _writtenAt;

    /// <summary>Returns what an earlier run wrote, or null if there is nothing or it cannot be read; then everything is confirmed anew.</summary>
    public BayRecord? Read()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            Content? content = JsonSerializer.Deserialize(File.ReadAllBytes(path), RecognitionJson.Files.Content);
            return content is { State.Slots: not null, Changes: not null, Day: not null } ? new BayRecord(content.State, content.Changes, content.Day) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            log.BayNotRead(path, problem.Message);
            return null;
        }
    }

    /// <summary>Writes the record. A failure is logged; the next look tries again.</summary>
    /// <param name="isUrgent">Whether something changed. Otherwise the file is written only if the last time is long ago.</param>
    public void Write(BayRecord record, bool isUrgent)
    {
        if (!isUrgent && _writtenAt is { } last && clock.GetElapsedTime(last) < BayStatus.PointEvery)
            return;
        try
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Content(record.State, record.Changes, record.Day), RecognitionJson.Files.Content));
            _writtenAt = clock.GetTimestamp();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.BayNotKept(path, problem.Message);
        }
    }

    internal sealed record Content(BayState State, ImmutableList<SlotChange> Changes, ImmutableList<AvailabilityPoint> Day);
}
