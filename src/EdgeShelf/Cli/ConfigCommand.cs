using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Configuration;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf config show|validate`: shows or checks the settings that the service would use.</summary>
static class ConfigCommand
{
    // The output is for people, so plus signs and quotes in a path are not escaped.
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new("config", "Show or check the settings.")
    {
        Show(),
        Validate(),
    };

    static Command Show()
    {
        CommonOptions common = new();
        Command command = new("show", "Print every setting as it is now, in the form of a configuration file. Passwords are kept in separate files and are not shown.");
        Option<bool> revealToken = new("--reveal-token") { Description = "Print only the token that opens the page from other machines." };
        command.Options.Add(revealToken);
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            IConfigurationRoot configuration = common.Configuration(parsed);
            if (parsed.GetValue(revealToken))
            {
                parsed.InvocationConfiguration.Output.WriteLine(WebToken.Reveal(ConfigurationCheck.Read<WebOptions>(configuration, WebOptions.Section)));
                return;
            }
            string[] problems = [.. ConfigurationCheck.KeyProblems(configuration)];
            if (problems.Length > 0)
                throw new ConfigurationException($"Some settings cannot be read:\n  - {string.Join("\n  - ", problems)}", "Fix them and run the command again.");
            JsonObject all = [];
            foreach ((string section, JsonTypeInfo options) in ConfigurationCheck.Sections)
            {
                JsonObject into = all;
                string[] path = section.Split(':');
                foreach (string outer in path[..^1])
                    into = (JsonObject)into[outer]!;
                into[path[^1]] = JsonSerializer.SerializeToNode(SettingsBinder.Read(configuration.GetSection(section), options), options);
            }
            HideQueries(all);
            parsed.InvocationConfiguration.Output.WriteLine(all.ToJsonString(Readable));
        });
        return command;
    }

    /// <summary>Hides the query of an address, because some cameras expect the user name and password there.</summary>
    static void HideQueries(JsonObject section)
    {
        foreach ((string key, JsonNode? value) in section.ToArray())
        {
            if (value is JsonObject inner)
                HideQueries(inner);
            else if (value?.GetValueKind() == JsonValueKind.String && Uri.TryCreate(value.GetValue<string>(), UriKind.Absolute, out Uri? address) && address.Query.Length > 0)
                section[key] = $"{address.GetLeftPart(UriPartial.Path)}?…";
        }
    }

    static Command Validate()
    {
        CommonOptions common = new();
        Command command = new("validate", "Check every setting, and the folders, model and devices that they name. The command lists every problem that it finds; the exit code is 2 when there are any.");
        common.AddConfigurationTo(command);
        command.SetAction(parsed =>
        {
            IConfigurationRoot configuration = common.Configuration(parsed);
            using IHost host = EdgeShelfHost.Compose(configuration);
            (IReadOnlyList<string> problems, IReadOnlyList<string> notes) = MachineCheck.Look(configuration);
            ConfigurationCheck.ThrowIfAny([.. ConfigurationCheck.ProblemsOf(configuration, host), .. problems]);
            foreach (string note in notes)
                parsed.InvocationConfiguration.Output.WriteLine($"Note: {note}.");
            parsed.InvocationConfiguration.Output.WriteLine("The configuration is fine.");
        });
        return command;
    }
}
