using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Configuration;

/// <summary>Reads a whole configuration file. If the file is not valid, the message explains why and gives the line and the column, counted from 1.</summary>
static class SettingsFile
{
    const string Sections = "a JSON object with sections is needed, for example { \"Capture\": { \"Interval\": \"90s\" } }";

    /// <summary>The size limit of a file, in bytes. Settings and answers are far smaller, also with certificates in them.</summary>
    const int MaxBytes = 16 << 20;

    /// <summary>The same options as the JSON reader of .NET's configuration uses: comments and a comma after the last entry are allowed.</summary>
    static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <returns>The JSON of the file, which is an object in which no key occurs twice.</returns>
    /// <param name="wanted">The content that is needed, for the message about a file that holds no object.</param>
    /// <param name="hint">What to do about a file with a fault.</param>
    /// <exception cref="ConfigurationException">The file cannot be read or has different content.</exception>
    public static byte[] Read(string path, string wanted = Sections, string hint = "Fix the file and run `edgeshelf config validate`.")
    {
        byte[] bytes = [.. JsonText.WithoutPreamble(ReadBytes(path))];
        if (JsonText.IsEmpty(bytes))
            throw new ConfigurationException($"The file {path} is empty; a JSON object is needed, at least {{ }}.", hint);
        return JsonText.FindFault(bytes, Lenient, "file", wanted, allowsBlankKeys: false) is { } fault
            ? throw new ConfigurationException($"{path}, {fault}.", hint)
            : bytes;
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            return NamedFile.ReadAllBytes(path, MaxBytes);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new ConfigurationException($"The file {path} cannot be read: {problem.Message}.", "Let this user read the file, or run the command with sudo.", problem);
        }
        catch (IOException problem)
        {
            throw new ConfigurationException($"The file {path} cannot be read: {problem.Message}.", "Name another file with --config or --answers.", problem);
        }
    }
}
