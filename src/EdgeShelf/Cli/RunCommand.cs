using System.CommandLine;
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
            using IHost host = EdgeShelfHost.Build(common.Configuration(parsed));
            return await EdgeShelfHost.RunAsync(host, cancellationToken) ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }
}
