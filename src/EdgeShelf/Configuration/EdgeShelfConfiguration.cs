using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Claim;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Configuration;

/// <summary>Loads the settings in this order: built-in values, the file of the device, the settings of the chain, the environment, the command line,
/// and the credentials that the device got for its claim. Later values win.</summary>
static class EdgeShelfConfiguration
{
    const string EnvironmentPrefix = "EDGESHELF__";

    /// <param name="file">The file to read instead of /etc/edgeshelf/edgeshelf.json, or null. It must exist.</param>
    /// <param name="settings">The values of `--set`, each in the form `Section:Key=value`.</param>
    /// <exception cref="ConfigurationException">A file is missing, cannot be read or is not a JSON object, or a setting has no `=`.</exception>
    public static IConfigurationRoot Load(string? file, IReadOnlyList<string> settings)
    {
        if (Directory.Exists(file))
            throw new ConfigurationException($"{file} is a folder; --config needs a file.", "Specify the configuration file in this folder.");
        if (file is not null && !File.Exists(file))
            throw new ConfigurationException($"The configuration file {file} does not exist.", "Specify an existing file, or omit --config.");
        Dictionary<string, string> none = [];
        IConfigurationRoot own = Build(file, settings, none, none);
        if (!FleetOptions.IsEnabledIn(own))
            return own;
        IReadOnlyDictionary<string, string> fleet = FleetConfiguration.OverlayOf(own).Read(), issued = new OwnCredentials(FleetConfiguration.StateOf(own)).SettingsFor(own);
        return fleet.Count == 0 && issued.Count == 0 ? own : Build(file, settings, fleet, issued);
    }

    static IConfigurationRoot Build(string? file, IReadOnlyList<string> settings, IReadOnlyDictionary<string, string> fleet, IReadOnlyDictionary<string, string> issued)
    {
        ConfigurationBuilder builder = new();
        foreach (string path in new[] { Path.Combine(AppContext.BaseDirectory, "appsettings.json"), file ?? ServiceDirectories.ConfigurationFile })
        {
            if (File.Exists(path))
                builder.AddJsonStream(new MemoryStream(SettingsFile.Read(path)));
        }
        builder.Add(new FleetConfiguration(fleet, other => Build(file, settings, other, issued)));
        builder.AddEnvironmentVariables(EnvironmentPrefix);
        // Each setting is a separate source, because a key may be set twice and the later value wins, as everywhere.
        foreach (string setting in settings)
            builder.AddInMemoryCollection([Split(setting)]);
        builder.AddInMemoryCollection(issued.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        return builder.Build();
    }

    static KeyValuePair<string, string?> Split(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(setting[..equals].Trim(), setting[(equals + 1)..])
            : throw new ConfigurationException($"--set {setting} has no value.", "Write --set Section:Key=value, for example --set Capture:Interval=00:00:10.");
    }
}
