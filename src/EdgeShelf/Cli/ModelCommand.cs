using System.CommandLine;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model`: makes, measures and manages models.</summary>
static class ModelCommand
{
    public static Command Create() => new("model", "Make, measure and manage models.")
    {
        ModelListCommand.Create(),
        ModelShowCommand.Create(),
        ModelVerifyCommand.Create(),
        ModelUseCommand.Create(),
        ModelUseCommand.CreateRollback(),
        ModelEvalCommand.Create(),
        ModelQuantizeCommand.Create(),
        ModelTrainCommand.Create(),
    };

    /// <summary>Returns the folder of a model that is given as a folder or by name; null stands for the model in use.</summary>
    /// <exception cref="ConfigurationException">There is no such model.</exception>
    public static string FindFolder(string? model, ModelsOptions options) => model switch
    {
        null => new ActiveModel(options, folder => ModelFolder.Load(folder, threads: 1)).Folder,
        _ when File.Exists(Path.Combine(model, ModelManifest.FileName)) => model,
        _ => new ModelStore(options).Find(model),
    };
}
