using System.Globalization;
using EdgeShelf.Platform;

namespace EdgeShelf.Recognition.Plan;

/// <summary>
/// A document on disk and its last versions: `NAME.json` and `NAME-history/0001.json`. Each write is complete and on disk when the call
/// returns. The version in the history is written first, so that each document that was in force is in the history.
/// </summary>
sealed class VersionedFile(string folder, string name)
{
    /// <summary>The number of versions that are kept, including the one in force.</summary>
    public const int Kept = 10;

    /// <summary>The maximum size of a document, in bytes: what 1000 products and 200 positions need, several times over.</summary>
    public const int MaxBytes = 1 << 20;

    readonly string _history = Path.Combine(folder, $"{name}-history");

    public string FilePath { get; } = Path.Combine(folder, $"{name}.json");

    /// <summary>Changes whenever the document changes. Reading it takes one file system call.</summary>
    public FileStamp Stamp => FileStamp.Of(FilePath);

    /// <summary>Reads the document in force, or null if there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public byte[]? Read() => File.Exists(FilePath) ? RegularFile.ReadAllBytes(FilePath, MaxBytes) : null;

    /// <summary>The numbers of the versions in the history, oldest first.</summary>
    public IReadOnlyList<int> Versions() => !Directory.Exists(_history) ? [] :
    [
        .. Directory.EnumerateFiles(_history, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(file => file.All(char.IsAsciiDigit)).Select(file => int.TryParse(file, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .Where(number => number > 0).Order(),
    ];

    /// <summary>The number of the newest version in the history, or 0.</summary>
    public int Newest => Versions() is [.., var newest] ? newest : 0;

    /// <summary>Reads a version, or null if it is not kept.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public byte[]? ReadVersion(int number) => File.Exists(PathOf(number)) ? RegularFile.ReadAllBytes(PathOf(number), MaxBytes) : null;

    /// <summary>Puts a version in force and forgets the oldest ones.</summary>
    /// <exception cref="IOException">The disk did not confirm it. The old document stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Write(int number, byte[] content)
    {
        ReadableByAll.CreateFolder(_history);
        bool isNew = !File.Exists(PathOf(number));
        DurableFile.Write(PathOf(number), content, ReadableByAll.FileMode);
        try
        {
            DurableFile.Write(FilePath, content, ReadableByAll.FileMode);
        }
        catch when (isNew)
        {
            File.Delete(PathOf(number));
            throw;
        }
        // What a power cut left between the two writes was never in force. Its number is above this one only if the file was damaged in between.
        foreach (int old in Versions().Where(version => version > number || version <= number - Kept))
            File.Delete(PathOf(old));
    }

    /// <summary>Takes the document out of force. Its versions stay in the history.</summary>
    /// <exception cref="IOException">The disk did not confirm it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Delete()
    {
        File.Delete(FilePath);
        DurableFile.SyncFolder(folder);
    }

    string PathOf(int number) => Path.Combine(_history, $"{number.ToString("0000", CultureInfo.InvariantCulture)}.json");
}

/// <summary>Tells whether a file changed.</summary>
/// <param name="Length">The length in bytes, or -1 if there is no file.</param>
readonly record struct FileStamp(DateTime WrittenAt, long Length)
{
    public static FileStamp Of(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : new FileStamp(default, -1);
    }
}
