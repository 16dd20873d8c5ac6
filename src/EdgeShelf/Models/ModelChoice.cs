using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// The file that stores which model was chosen with `model use`. It is small and always replaced as a whole. A running service checks
/// the time of its last change.
/// </summary>
sealed class ModelChoice(ModelsOptions options)
{
    const string FileName = "in-use.json";
    const string FailedFileName = "failed-models.json";

    string FilePath => Path.Combine(options.Trained, FileName);

    string FailedFilePath => Path.Combine(options.Trained, FailedFileName);

    /// <summary>The chosen model, or the configured one when none was chosen.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public string Name => Read()?.Name ?? options.Name;

    /// <summary>The model that <see cref="Name"/> replaced; null when none was chosen.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public string? Previous => Read()?.Previous;

    /// <summary>Changes whenever the choice changes. Reading it takes one file system call.</summary>
    public DateTime Stamp => File.GetLastWriteTimeUtc(FilePath);

    /// <summary>The models that were in use before the chosen one, latest first. Empty when none was chosen, because then only the configured model may be used.</summary>
    public IReadOnlyList<string> Predecessors
    {
        get
        {
            try
            {
                return Read() is { } choice ? [.. new[] { choice.Previous, options.Name }.Distinct().Except([choice.Name])] : [];
            }
            catch (ConfigurationException)
            {
                return [options.Name];
            }
        }
    }

    /// <summary>The reason why a model was replaced while it was in use, or null. The model is not used again until a person chooses it.</summary>
    public string? FailureOf(string name) => ReadFailed().GetValueOrDefault(name);

    /// <summary>Stores that a model failed while it was in use.</summary>
    /// <exception cref="EdgeShelfException">The file cannot be written.</exception>
    public void SetFailed(string name, string reason)
    {
        Dictionary<string, string> failed = ReadFailed();
        failed[name] = reason;
        Write(FailedFilePath, failed, ModelsJson.Files.DictionaryStringString);
    }

    /// <summary>Stores another choice. Choosing the same model again only renews the stamp, so that a running service loads it again. A model that failed may be used again.</summary>
    /// <exception cref="EdgeShelfException">The file cannot be written; the old choice stays.</exception>
    public void Write(string name)
    {
        Choice? before = Read();
        Dictionary<string, string> failed = ReadFailed();
        if (failed.Remove(name))
            Write(FailedFilePath, failed, ModelsJson.Files.DictionaryStringString);
        if (before?.Name == name)
            Write(before);
        else if (before is not null || name != options.Name)
            Write(new Choice(name, before?.Name ?? options.Name));
    }

    Choice? Read()
    {
        try
        {
            return ManifestFile.TryParse(File.ReadAllBytes(FilePath), ModelsJson.Files.Choice, out Choice? choice, out string? problem)
                ? choice is { Name.Length: > 0 } ? choice : null
                : throw new ConfigurationException($"{FilePath} is damaged: {problem}.", "Delete it, and choose a model with `edgeshelf model use`.");
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{FilePath} cannot be read: {problem.Message}", "The service's user must be able to read it and the models beside it.", problem);
        }
    }

    /// <summary>Reads the models that failed. A file that is damaged or cannot be read counts as empty: these models are tried again.</summary>
    Dictionary<string, string> ReadFailed()
    {
        try
        {
            return File.Exists(FailedFilePath) ? JsonSerializer.Deserialize(File.ReadAllBytes(FailedFilePath), ModelsJson.Files.DictionaryStringString) ?? [] : [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    void Write(Choice choice) => Write(FilePath, choice, ModelsJson.Files.Choice);

    void Write<T>(string path, T content, JsonTypeInfo<T> type)
    {
        try
        {
            ReadableByAll.CreateFolder(options.Trained);
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, type), ReadableByAll.FileMode);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The choice cannot be kept: {problem.Message}", "Run it as the service's user, for example with sudo.", problem);
        }
    }

    /// <param name="Previous">The model that was in use before.</param>
    internal sealed record Choice(string Name, string Previous);
}
