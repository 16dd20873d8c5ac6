using System.CommandLine;
using System.Globalization;
using EdgeShelf.Pictures;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>What the verbs `slots`, `planogram` and `fleet` share: files, problems and warnings.</summary>
static class PlanFiles
{
    /// <exception cref="ConfigurationException">The file cannot be read, or is larger than a document can be.</exception>
    public static byte[] Read(string path) => Read(path, VersionedFile.MaxBytes, "a JSON or CSV file");

    /// <summary>Reads a file that the user named.</summary>
    /// <param name="wanted">What to name instead, with its article, for the hint.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, or is larger than allowed.</exception>
    public static byte[] Read(string path, int maxBytes, string wanted)
    {
        try
        {
            return RegularFile.ReadAllBytes(path, maxBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}", $"Name {wanted} that you may read.", problem);
        }
    }

    /// <summary>Writes a file that the user named.</summary>
    /// <exception cref="EdgeShelfException">The file cannot be written.</exception>
    public static void Write(string path, byte[] content)
    {
        try
        {
            File.WriteAllBytes(path, content);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"{path} cannot be written: {problem.Message}", "Name a file in a folder that the service's user may write to.", problem);
        }
    }

    public static bool IsTable(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a picture and its size, as it is when it is upright.</summary>
    /// <exception cref="PictureException">The file is no picture, or is damaged.</exception>
    public static NewReference Picture(string path)
    {
        Frame frame = PictureFiles.Read(path);
        using Picture picture = PictureDecoder.Decode(frame);
        return new NewReference(frame.Bytes, picture.FullSize.Width, picture.FullSize.Height, frame.CapturedAt);
    }

    /// <summary>Runs a change, and lists the problems of a document one a line.</summary>
    /// <param name="what">What was read, for the message.</param>
    public static T Listing<T>(string what, Func<T> change)
    {
        try
        {
            return change();
        }
        catch (PlanProblemsException refused)
        {
            throw new EdgeShelfException($"{what} was refused:\n  - {string.Join("\n  - ", refused.Problems)}", "Fix it and run the command again. What was in force before is still in force.", refused);
        }
    }

    /// <summary>Prints warnings, and what is wrong with the files on disk, to the error output, where they do not disturb a script.</summary>
    public static void Warn(ParseResult parsed, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
            parsed.InvocationConfiguration.Error.WriteLine($"Warning: {warning}.");
    }

    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
