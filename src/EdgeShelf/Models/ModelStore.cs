using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>
/// The models on this device, and which of them is in use: the one chosen with `model use`, else the configured one. The
/// choice is one small file that is replaced whole; a running service looks at it before each picture.
/// </summary>
sealed class ModelStore(ModelsOptions options)
{
    const string ChoiceFileName = "in-use.json";

    string ChoicePath => Path.Combine(options.Trained, ChoiceFileName);

    public string NameInUse => ReadChoice()?.Name ?? options.Name;

    /// <exception cref="ConfigurationException">The model in use is gone.</exception>
    public string FolderInUse => options.FindFolder(NameInUse);

    /// <summary>What answered before the model in use was chosen, the latest first. Empty when none was chosen: then only the configured one will do.</summary>
    public IReadOnlyList<string> Predecessors
    {
        get
        {
            try
            {
                return ReadChoice() is { } choice ? [.. new[] { choice.Previous, options.Name }.Distinct().Except([choice.Name])] : [];
            }
            catch (ConfigurationException)
            {
                return [options.Name];
            }
        }
    }

    /// <summary>Changes whenever the choice does; cheap enough to ask before each picture.</summary>
    public DateTime ChoiceStamp => File.GetLastWriteTimeUtc(ChoicePath);

    /// <summary>Names of what looks like a model, trained ones first; a shipped model of a trained one's name is hidden by it.</summary>
    public IReadOnlyList<string> Names() => [.. new[] { options.Trained, ModelsOptions.Shipped }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        .Where(folder => File.Exists(Path.Combine(folder, ModelManifest.FileName)))
        .Select(folder => Path.GetFileName(folder))
        .Distinct()];

    public string Find(string name) => options.FindFolder(name);

    /// <summary>Checks a model whole and puts it in use. Choosing the one in use again makes a running service load it again.</summary>
    /// <exception cref="ConfigurationException">There is no such model, or it is damaged; the old one stays in use.</exception>
    public ModelManifest Use(string name)
    {
        using LoadedModel model = ModelFolder.Load(Find(name), threads: 1);
        Choice? before = ReadChoice();
        if (before?.Name == name)
            Write(before);
        else if (before is not null || name != options.Name)
            Write(new Choice(name, before?.Name ?? options.Name));
        return model.Manifest;
    }

    /// <summary>Puts back what was in use before the last <see cref="Use"/>; a second rollback undoes the first.</summary>
    /// <exception cref="ConfigurationException">Nothing was in use before, or it is damaged.</exception>
    public ModelManifest Rollback() => ReadChoice() is { } choice
        ? Use(choice.Previous)
        : throw new ConfigurationException($"No model was in use before {options.Name}.", "Choose one with `edgeshelf model use`.");

    Choice? ReadChoice()
    {
        try
        {
            return JsonSerializer.Deserialize<Choice>(File.ReadAllBytes(ChoicePath), ModelManifest.Json) is { Name.Length: > 0 } choice ? choice : null;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{ChoicePath} cannot be read: {problem.Message}", "The service's user must be able to read it and the models beside it.", problem);
        }
        catch (JsonException problem)
        {
            throw new ConfigurationException($"{ChoicePath} is damaged: {problem.Message}", "Delete it, and choose a model with `edgeshelf model use`.", problem);
        }
    }

    void Write(Choice choice)
    {
        try
        {
            ReadableByAll.CreateFolder(options.Trained);
            AtomicFile.WriteAllBytes(ChoicePath, JsonSerializer.SerializeToUtf8Bytes(choice, ModelManifest.Json));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The choice cannot be kept: {problem.Message}", "Run it as the service's user, for example with sudo.", problem);
        }
    }

    /// <param name="Previous">What was in use before.</param>
    sealed record Choice(string Name, string Previous);
}
