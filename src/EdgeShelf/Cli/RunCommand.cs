using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf run`: runs the service.</summary>
static class RunCommand
{
    public const string Name = "run";

    public static Command Create()
    {
        CommonOptions common = new();
        Command command = new(Name, "Take pictures, classify them and publish the results until a signal stops the process. systemd starts the service with this command.");
        common.AddConfigurationTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IDisposable? alone = LockState(ServiceDirectories.State);
            using IHost host = Build(common.Configuration(parsed));
            return await EdgeShelfHost.RunAsync(host, cancellationToken) ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>
    /// Builds the service. Settings of the chain with which it cannot start are set aside, because nobody is at the shelf to repair them; an
    /// update of the program may have made them wrong.
    /// </summary>
    static IHost Build(IConfigurationRoot configuration)
    {
        try
        {
            return EdgeShelfHost.Build(configuration);
        }
        catch (ConfigurationException problem) when (FleetConfiguration.SettingsOf(configuration) is { Count: > 0 } fleet)
        {
            IHost host = EdgeShelfHost.Build(FleetConfiguration.With(configuration, new Dictionary<string, string>()));
            FleetConfiguration.OverlayOf(configuration).TrySetAside(fleet, [problem.Message]);
            return host;
        }
    }

    /// <summary>
    /// Refuses a second service on one state directory: it would send each change twice, with ids of its own.
    /// </summary>
    /// <returns>The lock, or null if the directory cannot be used; the service tells that itself and goes on.</returns>
    static FileStream? LockState(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return FileLock.TryTake(Path.Combine(folder, "service.lock")) ?? throw new ConfigurationException(
                $"Another EdgeShelf service uses {folder}.", "`systemctl status edgeshelf` shows the one of this device. To run another one, set the environment variable STATE_DIRECTORY to a folder of its own.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
