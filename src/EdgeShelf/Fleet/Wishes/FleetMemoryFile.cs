using System.Text.Json;
using EdgeShelf.Platform;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet.Wishes;

/// <summary>The file `fleet/state.json` in the state folder.</summary>
sealed class FleetMemoryFile(string folder, ILogger log)
{
    public const string FileName = "state.json";

    string FilePath => Path.Combine(folder, FileName);

    /// <summary>Reads the file. A damaged one counts as absent: the documents are retained by the broker and come again.</summary>
    public FleetMemory Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), FleetJson.Wire.FleetMemory) ?? new FleetMemory();
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FleetMemory();
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            log.MemoryUnreadable(FilePath, damaged.Message);
            return new FleetMemory();
        }
    }

    /// <exception cref="IOException">It cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Write(FleetMemory memory)
    {
        Directory.CreateDirectory(folder);
        DurableFile.Write(FilePath, JsonSerializer.SerializeToUtf8Bytes(memory, FleetJson.Wire.FleetMemory));
    }

    /// <summary>Writes the file, or logs why it cannot be written.</summary>
    public bool TryWrite(FleetMemory memory)
    {
        try
        {
            Write(memory);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            log.MemoryNotWritten(FilePath, problem.Message);
            return false;
        }
    }
}
