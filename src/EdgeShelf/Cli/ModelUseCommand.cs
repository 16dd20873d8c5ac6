using System.CommandLine;
using EdgeShelf.Models;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model use` and `model rollback`: which model answers from the next picture on.</summary>
static class ModelUseCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string> model = new("MODEL") { Description = "A model's name, as `model list` shows it." };
        Command command = new("use", "Put a model in use. A running service takes it between two pictures.") { model };
        common.AddConfigurationTo(command);
        command.SetAction(parsed => Report(parsed, new ModelStore(common.Models(parsed)).Use(parsed.GetRequiredValue(model))));
        return command;
    }

    public static Command CreateRollback()
    {
        CommonOptions common = new();
        Command command = new("rollback", "Put back the model that was in use before.");
        common.AddConfigurationTo(command);
        command.SetAction(parsed => Report(parsed, new ModelStore(common.Models(parsed)).Rollback()));
        return command;
    }

    static int Report(ParseResult parsed, ModelManifest manifest)
    {
        parsed.InvocationConfiguration.Output.WriteLine($"{manifest.Name} {manifest.Version} is sound and in use from the next picture on.");
        return ExitCodes.Fine;
    }
}
