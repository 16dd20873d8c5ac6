using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Checks whether the service would start with these settings.</summary>
/// <param name="problem">The problem that was found when the settings were read, or null.</param>
sealed class SettingsCheck(ConfigurationException? problem, string? file) : DoctorCheck
{
    public override string Name => "settings";

    public override Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (problem is not null)
            return Task.FromResult(Finding.Of(problem));
        string path = file ?? ServiceDirectories.ConfigurationFile;
        return Task.FromResult(File.Exists(path)
            ? Finding.Fine($"{path} is valid")
            : Finding.Fine($"no {path}: built-in settings are used"));
    }
}
