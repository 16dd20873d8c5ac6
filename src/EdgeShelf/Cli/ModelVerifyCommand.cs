using System.CommandLine;
using EdgeShelf.Models;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model verify`: hashes, shapes and the golden picture.</summary>
static class ModelVerifyCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Argument<string?> model = new("MODEL") { Description = "A model's name or folder. Default: the one in use.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("verify", "Check a model's files against their hashes and its answer for the golden picture.") { model };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            string folder = ModelCommand.FindFolder(parsed.GetValue(model), common.Models(parsed));
            using LoadedModel loaded = ModelFolder.Load(folder, threads: 1);
            string golden = loaded.Manifest.Golden is { } answer ? $"the golden picture is {answer.Top[0].Label}" : "there is no golden picture";
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{loaded.Manifest.Name} {loaded.Manifest.Version} is sound: {loaded.Manifest.Files.Count} files as the manifest says, {loaded.Labels.Count} classes, {golden}.");
            return ExitCodes.Fine;
        });
        return command;
    }
}
