using System.CommandLine;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
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
            using IHost host = EdgeShelfHost.Build(common.Configuration(parsed));
            return await EdgeShelfHost.RunAsync(host, cancellationToken) ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
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
