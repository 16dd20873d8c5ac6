using System.CommandLine;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model use` and `model rollback`: choose the model that classifies from the next picture on.</summary>
static class ModelUseCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string> model = new("MODEL") { Description = "A model's name, as `model list` shows it." };
        model.CompletionSources.Add(Completion.Models);
        Command command = new("use", "Put a model in use. A running service switches to it between two pictures.") { model };
        common.AddConfigurationTo(command);
        command.SetAction(parsed => Report(parsed, common.ActiveModel(parsed), models => models.Use(parsed.GetRequiredValue(model))));
        return command;
    }

    public static Command CreateRollback()
    {
        CommonOptions common = new();
        Command command = new("rollback", "Put back the model that was in use before.");
        common.AddConfigurationTo(command);
        command.SetAction(parsed => Report(parsed, common.ActiveModel(parsed), models => models.Rollback()));
        return command;
    }

    static int Report(ParseResult parsed, ActiveModel models, Func<ActiveModel, ModelInfo> choose)
    {
        using ActiveModel closed = models;
        ModelInfo chosen = choose(models);
        parsed.InvocationConfiguration.Output.WriteLine($"{chosen} is sound and in use from the next picture on.");
        return ExitCodes.Fine;
    }
}
