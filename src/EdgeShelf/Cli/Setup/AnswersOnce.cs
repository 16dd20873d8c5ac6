using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli.Setup;

/// <summary>
/// Takes a file with answers once: from the boot partition, from which it is deleted, or from a stick, which is only read. The hashes of the
/// files that were taken are remembered, so that a file that cannot be deleted is never taken again. A power cut at any moment leaves the device
/// with the settings of before or of after, and the next start goes on where it ended.
/// </summary>
/// <param name="folder">The folder of the configuration file. The memory is there.</param>
/// <param name="take">Applies a file.</param>
sealed class AnswersOnce(string folder, Func<string, Task<int>> take, TextWriter output, TimeProvider clock)
{
    public const string MemoryName = "setup-taken";
    public const string Refused = ".refused";
    public const string Reason = ".refused.txt";

    /// <summary>The name of a file that was taken and is being overwritten. A power cut may leave it with a part of its content.</summary>
    public const string Taken = ".taken";

    const int MaxBytes = 256 << 10;
    const int Remembered = 100;

    string Memory => Path.Combine(folder, MemoryName);

    /// <summary>Whether a file was taken here before.</summary>
    public bool HasTaken => File.Exists(Memory);

    /// <summary>Takes the first file that is there.</summary>
    /// <param name="deletes">Whether the file is deleted after it was taken, and renamed if it is refused.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="IOException">The settings cannot be written. The file is kept for the next attempt.</exception>
    public async Task<int> TakeAsync(IEnumerable<string> paths, bool deletes)
    {
        DurableFile.RemoveDrafts(folder);
        if (paths.Select(path => Path.GetFullPath(path)).FirstOrDefault(path => Path.Exists(path) || File.Exists(path + Taken)) is not { } file)
            return ExitCodes.Fine;
        if (!Path.Exists(file))
        {
            Delete(file);
            return ExitCodes.Fine;
        }
        byte[] content;
        try
        {
            content = Directory.Exists(file) ? throw new IOException("it is a folder") : RegularFile.ReadAllBytes(file, MaxBytes);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Refuse(file, $"{file} cannot be read: {unreadable.Message}.", deletes);
            return ExitCodes.BadUsage;
        }
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        int exitCode = ExitCodes.Fine;
        if (Lines().FirstOrDefault(line => line.StartsWith(hash, StringComparison.Ordinal)) is { } before)
            output.WriteLine($"{file} was taken already{(before.Length > hash.Length ? $", at {before[hash.Length..].Trim()}" : "")}, so it changes nothing.");
        else
        {
            output.WriteLine($"{file} is taken.");
            try
            {
                exitCode = await take(file);
            }
            catch (ConfigurationException problem)
            {
                Refuse(file, problem.Message, deletes);
                return ExitCodes.BadUsage;
            }
            Remember(hash);
        }
        if (deletes)
            Delete(file);
        return exitCode;
    }

    string[] Lines() => HasTaken ? File.ReadAllLines(Memory) : [];

    void Remember(string hash)
    {
        IEnumerable<string> lines = Lines().TakeLast(Remembered - 1).Append(string.Create(CultureInfo.InvariantCulture, $"{hash} {clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        DurableFile.Write(Memory, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Says why the file is refused, for the journal and for the person who has the card in a PC.</summary>
    void Refuse(string file, string problem, bool keepsBeside)
    {
        string name = Path.GetFileName(file);
        string reason = $"""
            {problem}

            What to do: correct this in {name}{Refused} with a text editor, rename that file to {name}, and start the device with this card again.
            A setting that is named above and is not in that file is one that the device has already; name it under "settings" to replace it.
            The device has changed nothing, and runs with the settings that it had.

            """;
        string where = " Correct it and plug the stick in again.";
        if (keepsBeside)
        {
            try
            {
                DurableFile.Write(file + Reason, Encoding.UTF8.GetBytes(reason));
                Rename(file, file + Refused);
                DurableFile.SyncFolder(Path.GetDirectoryName(file)!);
                where = $" It is kept as {file}{Refused}, and {file}{Reason} says what to do.";
            }
            catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
            {
                where = $" It stays, because it cannot be renamed: {closed.Message}.";
            }
        }
        output.WriteLine($"{file} is refused, and the settings stay as they are: {problem.ReplaceLineEndings(" ").Trim()}{where}");
    }

    static void Rename(string path, string newPath)
    {
        if (Directory.Exists(path))
            Directory.Move(path, newPath);
        else
            File.Move(path, newPath, overwrite: true);
    }

    /// <summary>
    /// Overwrites the file as well as a card allows, and deletes it. It gets another name first, so that a power cut leaves no half of a file that
    /// would be refused. An earlier file that was refused goes with it, because it may hold the same password.
    /// </summary>
    void Delete(string file)
    {
        string parent = Path.GetDirectoryName(file)!;
        string taken = file + Taken;
        try
        {
            if (File.Exists(file))
            {
                File.Move(file, taken, overwrite: true);
                DurableFile.SyncFolder(parent);
            }
            if (File.Exists(file + Refused))
                Wipe(file + Refused);
            File.Delete(file + Reason);
            Wipe(taken);
            DurableFile.SyncFolder(parent);
            output.WriteLine($"{file} is deleted.");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"{file} cannot be deleted: {closed.Message}. It is not taken again; delete it yourself, because it may hold a password.");
        }
    }
    static void Wipe(string path)
    {
        using (FileStream over = new(path, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            over.Write(new byte[over.Length]);
            over.Flush(flushToDisk: true);
        }
        File.Delete(path);
    }
}
