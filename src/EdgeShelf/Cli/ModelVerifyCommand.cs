using System.CommandLine;
using EdgeShelf.Models;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model verify`: checks a model's hashes, its shapes and the answer for the golden picture.</summary>
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
            GoldenPicture.Require(loaded);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{loaded.Manifest.Name} {loaded.Manifest.Version} is sound: {loaded.Manifest.Files.Count} files as the manifest says, {loaded.Labels.Count} classes, the golden picture is {loaded.Manifest.Golden!.Top[0].Label}.");
            return ExitCodes.Fine;
        });
        return command;
    }
}
