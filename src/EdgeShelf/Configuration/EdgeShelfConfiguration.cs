using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Configuration;

/// <summary>The settings in their order: built in, the device's file, the environment, the command line. Later ones win.</summary>
static class EdgeShelfConfiguration
{
    const string EnvironmentPrefix = "EDGESHELF__";

    /// <param name="file">Instead of /etc/edgeshelf/edgeshelf.json; must exist when given.</param>
    /// <param name="settings">`Section:Key=value`, as after `--set`.</param>
    /// <exception cref="ConfigurationException">A file is missing, cannot be read or is no JSON object, or a setting has no `=`.</exception>
    public static IConfigurationRoot Load(string? file, IReadOnlyList<string> settings)
    {
        if (Directory.Exists(file))
            throw new ConfigurationException($"{file} is a folder; --config needs a file.", "Name the configuration file in it.");
        if (file is not null && !File.Exists(file))
            throw new ConfigurationException($"The configuration file {file} does not exist.", "Name one that does, or leave out --config.");
        ConfigurationBuilder builder = new();
        foreach (string path in new[] { Path.Combine(AppContext.BaseDirectory, "appsettings.json"), file ?? ServiceDirectories.ConfigurationFile })
        {
            if (File.Exists(path))
                builder.AddJsonStream(new MemoryStream(SettingsFile.Read(path)));
        }
        builder.AddEnvironmentVariables(EnvironmentPrefix);
        // One source each: a key may be set twice, and the later one wins as everywhere.
        foreach (string setting in settings)
            builder.AddInMemoryCollection([Split(setting)]);
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
