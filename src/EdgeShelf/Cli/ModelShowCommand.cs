using System.CommandLine;
using EdgeShelf.Models;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model show`: prints a model's manifest.</summary>
static class ModelShowCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string?> model = new("MODEL") { Description = "A model's name or folder. Default: the one in use.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("show", "Print a model's manifest: input, outputs, thresholds, how it was quantized and measured.") { model };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            string folder = ModelCommand.FindFolder(parsed.GetValue(model), common.Models(parsed));
            ModelFolder.ReadManifest(folder);
            parsed.InvocationConfiguration.Output.Write(File.ReadAllText(Path.Combine(folder, ModelManifest.FileName)));
            return ExitCodes.Fine;
        });
        return command;
    }
}
