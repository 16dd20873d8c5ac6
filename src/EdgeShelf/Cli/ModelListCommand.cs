using System.CommandLine;
using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf model list`: lists the installed models and marks the one in use.</summary>
static class ModelListCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = new("--json") { Description = "Print one JSON array, for scripts." };
        Command command = new("list", "List the models on this device; a star marks the one in use.") { json };
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            ModelStore store = new(common.Models(parsed));
            using ActiveModel models = common.ActiveModel(parsed);
            string inUse = models.Name;
            Entry[] entries = [.. store.Names().Select(name => Describe(store, name, inUse, models.FailureOf(name)))];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(entries, CliJson.Files.EntryArray));
                return ExitCodes.Fine;
            }

            foreach (Entry entry in entries)
                output.WriteLine($"{(entry.InUse ? "*" : " ")} {entry.Name,-24} {entry.Version ?? "-",-10} {entry.Problem ?? entry.Folder}");
            return ExitCodes.Fine;
        });
        return command;
    }

    static Entry Describe(ModelStore store, string name, string inUse, string? failure)
    {
        string folder = store.Find(name);
        try
        {
            return new Entry(name, ModelFolder.ReadManifest(folder).Version, folder, name == inUse, failure);
        }
        catch (ConfigurationException problem)
        {
            return new Entry(name, null, folder, name == inUse, problem.Message);
        }
    }

    internal sealed record Entry(string Name, string? Version, string Folder, bool InUse, string? Problem);
}
