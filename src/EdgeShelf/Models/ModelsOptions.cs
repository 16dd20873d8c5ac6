using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>The `Models` section: which network is used.</summary>
sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>
    /// A model's folder name: first looked for among the trained models, then among the shipped ones. What was chosen with
    /// `edgeshelf model use` comes before it.
    /// </summary>
    public string Name { get; set; } = "grocery-81";

    /// <summary>Trained models. Default: `models` in the state directory.</summary>
    public string Trained { get; set; } = Path.Combine(ServiceDirectories.State, "models");

    /// <summary>Models that came with the program; nothing is written here.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The configured model's folder.</summary>
    /// <exception cref="ConfigurationException">There is no model of that name.</exception>
    public string FindFolder() => FindFolder(Name);

    /// <exception cref="ConfigurationException">There is no model of that name.</exception>
    public string FindFolder(string name)
    {
        foreach (string root in new[] { Trained, Shipped })
        {
            string folder = Path.Combine(root, name);
            if (File.Exists(Path.Combine(folder, ModelManifest.FileName)))
                return folder;
        }
        throw new ConfigurationException($"There is no model {name} in {Trained} or {Shipped}.", "See what there is with `edgeshelf model list`.");
    }
}
