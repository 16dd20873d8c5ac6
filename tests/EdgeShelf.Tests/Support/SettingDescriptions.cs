using System.Text.RegularExpressions;

namespace EdgeShelf.Tests.Support;

/// <summary>One row of the table of settings in systemd/README.md, in Markdown.</summary>
/// <param name="What">What the setting does.</param>
/// <param name="Default">The default as the table gives it; empty if there is none.</param>
sealed record SettingDescription(string What, string Default);

/// <summary>The table of settings in systemd/README.md. The schema and the manual page of the configuration file are made from it.</summary>
static partial class SettingDescriptions
{
    /// <returns>The description of each setting, by its key.</returns>
    public static Dictionary<string, SettingDescription> Read()
    {
        Dictionary<string, SettingDescription> found = [];
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "README.md"))))
        {
            string[] names = [.. row.Groups["names"].Value.Split(',').Select(name => name.Trim(' ', '`'))];
            string section = names[0][..(names[0].LastIndexOf(':') + 1)];
            SettingDescription description = new(row.Groups["what"].Value.Trim(), row.Groups["default"].Value.Trim());
            foreach (string name in names)
                found[name.Contains(':', StringComparison.Ordinal) ? name : section + name] = description;
        }
        return found;
    }

    [GeneratedRegex(@"^\| (?<names>`[A-Z]\w+:[^|]+`) \|(?<default>[^|]*)\|(?<what>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
