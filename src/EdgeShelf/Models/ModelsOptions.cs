using EdgeShelf.Platform;

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
}
