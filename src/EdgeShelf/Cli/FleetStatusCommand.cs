using System.CommandLine;
using System.IO.Enumeration;
using System.Text.Json;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet status`: who is there, what it has, and what is wrong.</summary>
static class FleetStatusCommand
{
    /// <summary>The number of rows of the table of `--watch`. Devices with a problem come first.</summary>
    const int ShownRows = 40;

    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        FleetBrokerOptions broker = new();
        Option<string?> group = new("--group", "-g") { Description = "Show only the devices of this group, or of these, with commas between them.", HelpName = "GROUP" };
        Option<string?> device = new("--device", "-d") { Description = "Show only devices whose name fits, for example 'shelf-0*'.", HelpName = "PATTERN" };
        Option<bool> json = new("--json") { Description = "Print one JSON array, for scripts." };
        Option<bool> watch = new("--watch", "-w") { Description = "Go on until Ctrl-C: a table in a terminal, otherwise a line for each change." };
        Command command = new("status", "Show which devices are there, what they have, and what is wrong. The exit code is 1 if none fits.") { group, device, json, watch };
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string>? groups = parsed.GetValue(group) is { } names ? FleetBrokerOptions.Groups(names) : null;
            if (parsed.GetValue(json) && parsed.GetValue(watch))
                throw new ConfigurationException("--json and --watch do not go together.", "Run `edgeshelf fleet status --json` again when you need newer figures.");
            await using FleetBroker fleet = await broker.OpenAsync(parsed, cancellationToken);
            IReadOnlyList<FleetDevice> Chosen() => [.. fleet.View.Devices.Where(found => (groups is null || groups.Contains(found.Group)) && (parsed.GetValue(device) is not { } pattern || FileSystemName.MatchesSimpleExpression(pattern, found.Name)))];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(watch))
                return await FleetScreen.RunAsync(isWanted: true, screen => WatchAsync(fleet, Chosen, screen, output, parsed.InvocationConfiguration.Error, cancellationToken));
            IReadOnlyList<FleetDevice> devices = Chosen();
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(devices.Select(DeviceLine.Of), CliJson.Wire.IEnumerableDeviceLine));
            else if (devices.Count > 0)
            {
                FleetText.WriteTable(output, devices);
                output.WriteLine(FleetText.Summary(devices));
            }
            if (devices.Count == 0)
                parsed.InvocationConfiguration.Error.WriteLine(
                    fleet.View.Devices is { Count: > 0 } others ? $"None of {others.Count} devices fits. {EmptyGroups.Known(others)}" : EmptyGroups.Known([]));
            return devices.Count > 0 ? ExitCodes.Fine : ExitCodes.Failed;
        });
        return command;
    }

    static async Task<int> WatchAsync(FleetBroker fleet, Func<IReadOnlyList<FleetDevice>> chosen, FleetScreen screen, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        Dictionary<string, FleetDevice> told = [];
        while (true)
        {
            IReadOnlyList<FleetDevice> devices = chosen();
            screen.Draw(FleetText.Columns, devices.OrderByDescending(device => device.Reported?.Problems.Count > 0).Take(ShownRows).Select(FleetText.Cells), FleetText.Summary(devices));
            foreach (FleetDevice device in devices.Where(device => !screen.IsShown && LineOf(told.GetValueOrDefault(device.Name)) != LineOf(device)))
            {
                output.WriteLine(LineOf(device));
                told[device.Name] = device;
            }
            output.Flush();
            await fleet.View.Changed.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            await Task.Delay(Tick, TimeProvider.System, cancellationToken);
            try
            {
                if (fleet.IsLost)
                    await fleet.ConnectAsync(cancellationToken);
            }
            catch (BrokerException problem)
            {
                errors.WriteLine($"{problem.Message} The connection is tried again.");
                await Task.Delay(5 * Tick, TimeProvider.System, cancellationToken);
            }
        }
    }

    static string LineOf(FleetDevice? device) => device is null ? "" : string.Join("  ", [.. FleetText.Cells(device), .. FleetText.Problems(device)]);

    internal sealed record DeviceLine(string Device, string? Group, bool Online, bool OwnDocument, ReportedDocument? Reported)
    {
        public static DeviceLine Of(FleetDevice device) => new(device.Name, device.Group, device.IsOnline, device.HasOwnDesired, device.Reported);
    }
}
