using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>The models on this device: trained ones, and those that came with the program.</summary>
sealed class ModelStore(ModelsOptions options)
{
    /// <summary>Names of the folders that look like models, trained ones first. A trained model hides a shipped one of the same name.</summary>
    public IReadOnlyList<string> Names() => [.. new[] { options.Trained, ModelsOptions.Shipped }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        .Where(folder => File.Exists(Path.Combine(folder, ModelManifest.FileName)))
        .Select(folder => Path.GetFileName(folder))
        // A hidden folder is a model that was not written to its end.
        .Where(name => !name.StartsWith('.'))
        .Distinct()];

    /// <summary>Returns the folder of a model.</summary>
    /// <exception cref="ConfigurationException">There is no model of that name, or the name refers to a path outside the models' folders.</exception>
    public string Find(string name)
    {
        // A name from a command line or a file must not refer to another location. Use --model to name a folder elsewhere.
        if (name.Length == 0 || name[0] == '.' || name.Contains('/', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationException($"\"{name}\" is not the name of a model; the name of a folder in {options.Trained} or {ModelsOptions.Shipped} is needed.", "See what there is with `edgeshelf model list`.");
        foreach (string root in new[] { options.Trained, ModelsOptions.Shipped })
        {
            string folder = Path.Combine(root, name);
            if (File.Exists(Path.Combine(folder, ModelManifest.FileName)))
                return folder;
        }
        throw new ConfigurationException($"There is no model {name} in {options.Trained} or {ModelsOptions.Shipped}.", "See what there is with `edgeshelf model list`.");
    }
}
