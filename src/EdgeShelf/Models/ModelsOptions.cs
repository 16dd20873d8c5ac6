using EdgeShelf.Platform;

namespace EdgeShelf.Models;

/// <summary>The `Models` section: which network is used.</summary>
sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>
    /// Folder name of the model. It is looked up among the trained models first, then among the shipped ones. A model chosen with
    /// `edgeshelf model use` takes precedence.
    /// </summary>
    public string Name { get; set; } = "grocery-81";

    /// <summary>Directory of the trained models. Default: `models` in the state directory.</summary>
    public string Trained { get; set; } = Path.Combine(ServiceDirectories.State, "models");

    /// <summary>Directory of the models that came with the program. The program does not write to it.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "models");
}
