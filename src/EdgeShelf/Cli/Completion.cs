using System.CommandLine.Completions;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>What the shell suggests besides verbs and options.</summary>
static class Completion
{
    /// <summary>The keys of the settings; behind a key whose values can be listed, the values.</summary>
    public static IEnumerable<CompletionItem> Settings(CompletionContext context)
    {
        string typed = context.WordToComplete;
        return Setting.All
            .SelectMany(setting => typed.StartsWith($"{setting.Key}=", StringComparison.OrdinalIgnoreCase) ? setting.Values.Select(value => $"{setting.Key}={value}") : [$"{setting.Key}="])
            .Where(text => text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(text => new CompletionItem(text));
    }

    /// <summary>The names of the models on this device.</summary>
    public static IEnumerable<CompletionItem> Models(CompletionContext context)
    {
        try
        {
            ModelsOptions options = ConfigurationCheck.Read<ModelsOptions>(EdgeShelfConfiguration.Load(null, []), ModelsOptions.Section);
            return [.. new ModelStore(options).Names().Select(name => new CompletionItem(name))];
        }
        catch (EdgeShelfException)
        {
            // With settings that cannot be read there is nothing to suggest; a verb says why.
            return [];
        }
    }
}
