using System.CommandLine;
using System.Diagnostics;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Finds and reads the pictures that are named on the command line.</summary>
static class PictureFiles
{
    /// <summary>Keeps files as they are and replaces a folder by the JPEG and PNG files in it, in name order.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> paths) => paths.SelectMany<string, string>(path => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Where(PictureFormat.IsRead).Order(StringComparer.Ordinal)
        : [path]);

    /// <summary>Returns the pictures that a verb shall work on, and says on the error output which were passed over.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public static string[] Named(ParseResult parsed, string[] paths)
    {
        string[] files = [.. Expand(paths)];
        string? passedOver = PassedOver(paths);
        if (files.Length == 0)
        {
            throw new ConfigurationException(
                $"There is no JPEG or PNG in that folder. {passedOver}".TrimEnd(), passedOver is null ? "Name picture files, or a folder that has some." : PictureFormat.Hint);
        }
        if (passedOver is not null)
            parsed.InvocationConfiguration.Error.WriteLine($"{passedOver} {PictureFormat.Hint}");
        return files;
    }

    /// <summary>Returns one sentence about pictures of other formats in the given folders, or null when there are none.</summary>
    public static string? PassedOver(IEnumerable<string> paths) => PictureFormat.PassedOver(paths.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles));

    /// <exception cref="PictureException">`unreadable`: the file is missing or may not be read.</exception>
    public static Frame Read(string path)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            byte[] bytes = NamedFile.ReadAllBytes(path);
            return new Frame(bytes, FolderCamera.Definition.Name, Path.GetFileName(path), File.GetLastWriteTimeUtc(path), Stopwatch.GetElapsedTime(started));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PictureException("unreadable", $"{path} cannot be read: {problem.Message}.", "Check the name and the rights.");
        }
    }
}
