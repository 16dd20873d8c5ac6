using System.CommandLine;
using EdgeShelf.Models;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model`: what makes, measures and keeps models.</summary>
static class ModelCommand
{
    public static Command Create() => new("model", "Make, measure and manage models.")
    {
        ModelVerifyCommand.Create(),
        ModelEvalCommand.Create(),
        ModelQuantizeCommand.Create(),
    };

    /// <summary>A model's folder, or the folder of a model's name; null: the one that is used by default.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static string FindFolder(string? model)
    {
        if (model is not null && File.Exists(Path.Combine(model, ModelManifest.FileName)))
            return model;
        ModelsOptions options = new();
        options.Name = model ?? options.Name;
        return options.FindFolder();
    }
}
