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
    /// <exception cref="ConfigurationException">A file is missing or no JSON, or a setting has no `=`.</exception>
    public static IConfigurationRoot Load(string? file, IReadOnlyList<string> settings)
    {
        if (file is not null && !File.Exists(file))
            throw new ConfigurationException($"The configuration file {file} does not exist.", "Name one that does, or leave out --config.");
        ConfigurationBuilder builder = new();
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        builder.AddJsonFile(Path.GetFullPath(file ?? ServiceDirectories.ConfigurationFile), optional: file is null);
        builder.AddEnvironmentVariables(EnvironmentPrefix);
        // One source each: a key may be set twice, and the later one wins as everywhere.
        foreach (string setting in settings)
            builder.AddInMemoryCollection([Split(setting)]);
        try
        {
            return builder.Build();
        }
        catch (Exception problem) when (problem is InvalidDataException or FormatException)
        {
            // The outer message names the file, the innermost the line.
            throw new ConfigurationException($"{problem.Message} {problem.GetBaseException().Message}", "Mend the JSON; `edgeshelf config validate --config FILE` checks it.", problem);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new ConfigurationException(problem.Message, "Let this user read the file.", problem);
        }
    }

    static KeyValuePair<string, string?> Split(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(setting[..equals].Trim(), setting[(equals + 1)..])
            : throw new ConfigurationException($"--set {setting} has no value.", "Write --set Section:Key=value, for example --set Capture:Interval=00:00:10.");
    }
}
