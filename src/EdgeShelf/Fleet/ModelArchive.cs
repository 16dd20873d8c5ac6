using System.Formats.Tar;
using System.IO.Compression;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet;

/// <summary>A model folder as one file, `.tar.gz`, for the way to the devices.</summary>
static class ModelArchive
{
    /// <summary>The largest number of files and folders in an archive.</summary>
    public const int MaxEntries = 200;

    /// <summary>The largest size in bytes that an archive may unpack to: that of the largest network, and as much again for the other files.</summary>
    public const long MaxUnpackedBytes = 512L << 20;

    const int MaxName = 200;
    const int MaxDepth = 5;
    const string Hint = "Pack the model folder again with `edgeshelf fleet sign FOLDER`.";

    const UnixFileMode FileMode644 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes the files of a folder. The same files always give the same bytes, whatever their times and owners are.</summary>
    /// <exception cref="ConfigurationException">The folder holds a link or a special file, or more than a model may.</exception>
    public static void Pack(string folder, Stream archive)
    {
        using GZipStream compressed = new(archive, CompressionLevel.Optimal, leaveOpen: true);
        using TarWriter tar = new(compressed, TarEntryFormat.Ustar, leaveOpen: true);
        foreach ((string path, string name) in FilesOf(folder))
        {
            using FileStream content = RegularFile.OpenRead(path);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = FileMode644, ModificationTime = DateTimeOffset.UnixEpoch });
        }
    }

    /// <summary>Unpacks an archive into a new folder. Every file is on disk when the call returns.</summary>
    /// <param name="folder">A folder that does not exist yet; the folder above it exists. After a failure it does not exist.</param>
    /// <param name="maxBytes">The largest size in bytes that the archive may unpack to.</param>
    /// <exception cref="FleetException">The archive is damaged or too large, or holds a name, a link or a special file that could reach out of the folder.</exception>
    /// <exception cref="IOException">The files could not be written, for example because the disk is full.</exception>
    public static void Unpack(Stream archive, string folder, CancellationToken cancellationToken, long maxBytes = MaxUnpackedBytes)
    {
        if (Path.Exists(folder))
            throw new IOException($"{folder} exists already.");
        string draft = $"{folder}.unpacking";
        Remove(draft);
        Directory.CreateDirectory(draft);
        try
        {
            UnpackInto(archive, draft, maxBytes, cancellationToken);
            Directory.Move(RootOf(draft), folder);
            DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new FleetException(FleetException.BadArchive, $"The archive cannot be unpacked: {PlainText.Shown(damaged.Message.TrimEnd('.'))}.", Hint, damaged);
        }
        finally
        {
            Remove(draft);
        }
    }

    static void UnpackInto(Stream archive, string folder, long maxBytes, CancellationToken cancellationToken)
    {
        using GZipStream decompressed = new(archive, CompressionMode.Decompress, leaveOpen: true);
        using TarHeaderCheck limited = new(decompressed, maxBytes);
        using TarReader tar = new(limited);
        HashSet<string> folders = [folder];
        int entries = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++entries > MaxEntries)
                throw new InvalidDataException($"it holds more than {MaxEntries} files and folders");
            string path = Path.Combine([folder, .. PartsOf(entry.Name)]);
            bool isFolder = entry.EntryType == TarEntryType.Directory;
            if (File.Exists(isFolder ? path : Path.GetDirectoryName(path)))
                throw new InvalidDataException($"it holds {PlainText.Shown(entry.Name, 60)} below a file");
            Directory.CreateDirectory(isFolder ? path : Path.GetDirectoryName(path)!);
            if (!isFolder)
                WriteFile(path, entry);
            folders.Add(Path.GetDirectoryName(path)!);
        }
        if (entries == 0)
            throw new InvalidDataException("it is empty");
        foreach (string changed in folders)
            DurableFile.SyncFolder(changed);
    }

    /// <summary>Writes one file. Neither the owner nor the rights of the archive are taken over.</summary>
    static void WriteFile(string path, TarEntry entry)
    {
        if (Path.Exists(path))
            throw new InvalidDataException($"it holds {PlainText.Shown(entry.Name, 60)} twice");
        using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = FileMode644 });
        entry.DataStream?.CopyTo(file);
        if (file.Length != entry.Length)
            throw new EndOfStreamException("it ends in the middle of a file");
        file.Flush(flushToDisk: true);
    }

    /// <summary>The names of the folders and of the file. Only names of plain visible characters are let in, so that none leads out of the folder.</summary>
    static string[] PartsOf(string name)
    {
        string[] parts = name.TrimEnd('/').Split('/');
        // `tar -C FOLDER .` begins each name with `./`.
        if (parts is [".", ..])
            parts = parts.Length == 1 ? [] : parts[1..];
        bool isAllowed = name.Length <= MaxName && parts.Length <= MaxDepth
            && parts.All(part => part.Length > 0 && part[0] != '.' && part.All(letter => letter != '\\' && !PlainText.IsObeyed(letter)));
        return isAllowed ? parts : throw new InvalidDataException($"the name \"{PlainText.Shown(name, 60)}\" is not allowed; plain names below the model's folder are");
    }

    /// <summary>The files stand in the archive itself, or in one folder of it.</summary>
    static string RootOf(string folder)
    {
        if (File.Exists(Path.Combine(folder, ModelManifest.FileName)))
            return folder;
        return Directory.GetFileSystemEntries(folder) is [{ } only] && File.Exists(Path.Combine(only, ModelManifest.FileName))
            ? only
            : throw new InvalidDataException($"it holds no {ModelManifest.FileName}, neither at its top nor in its only folder");
    }

    /// <summary>The regular files of a model folder in a fixed order, with their names in the archive. Hidden files, which editors and systems leave, stay out.</summary>
    static IReadOnlyList<(string Path, string Name)> FilesOf(string folder)
    {
        List<(string, string)> files = [];
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
        {
            string name = Path.GetRelativePath(folder, entry.FullName);
            if (name.Split('/').Any(part => part.StartsWith('.')))
                continue;
            if (entry.LinkTarget is not null)
                throw new ConfigurationException($"{entry.FullName} is a link.", "Copy the file itself into the model folder, and pack it again.");
            if (entry is FileInfo)
                files.Add((entry.FullName, name));
        }
        if (files.Count > MaxEntries / 2)
            throw new ConfigurationException($"{folder} has {files.Count} files; a model has at most {MaxEntries / 2}.", "Name the model's own folder, which holds manifest.json.");
        return [.. files.OrderBy(file => file.Item2, StringComparer.Ordinal)];
    }

    static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
