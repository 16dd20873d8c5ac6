// Thousands of devices in one process, for a broker and a backend to be tried with: see README.md.
using System.CommandLine;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using FleetSimulator;

Option<string> broker = new("--broker") { Description = "The broker.", DefaultValueFactory = _ => "mqtt://127.0.0.1" };
Option<string?> password = new("--password-file") { Description = "A file with the password of all devices; the user name of each is its own name." };
Option<string?> ca = new("--ca") { Description = "A PEM file with the authorities that are trusted for the broker." };
Option<int> devices = new("--devices") { DefaultValueFactory = _ => 3 };
Option<int> perStore = new("--per-store") { Description = "Devices of one store.", DefaultValueFactory = _ => 20 };
Option<int> canaries = new("--canaries") { Description = "Devices of the group canary; the others are of the group rest.", DefaultValueFactory = _ => 1 };
Option<string> interval = new("--interval") { Description = "The time between two pictures.", DefaultValueFactory = _ => "10s" };
Option<string> duration = new("--duration") { Description = "How long pictures are taken.", DefaultValueFactory = _ => "1h" };
Option<string> drain = new("--drain") { Description = "How long the outboxes may take to become empty afterwards.", DefaultValueFactory = _ => "5m" };
Option<string?> faultEvery = new("--fault-every") { Description = "The mean time between two faults of a device. Default: no faults." };
Option<int> darkStores = new("--dark-stores") { Description = "Stores that lose their network in the middle of the run." };
Option<string> darkFor = new("--dark-for") { DefaultValueFactory = _ => "1m" };
Option<int> seed = new("--seed") { DefaultValueFactory = _ => 1 };
Option<string?> report = new("--report") { Description = "A CSV file for the number of messages of each device." };
RootCommand command = new("Simulates a fleet of EdgeShelf devices. The exit code is 0 when the broker confirmed every message.") { broker, password, ca, devices, perStore, canaries, interval, duration, drain, faultEvery, darkStores, darkFor, seed, report };
command.SetAction(async (parsed, cancellationToken) =>
{
    TimeSpan TimeOf(Option<string> option) => Duration.TryParse(parsed.GetRequiredValue(option), out TimeSpan time, out string? problem) ? time : throw new ConfigurationException($"{option.Name}: {problem}.", Duration.Examples);
    TimeSpan between = parsed.GetValue(faultEvery) is not { } text ? TimeSpan.Zero : Duration.TryParse(text, out TimeSpan mean, out string? wrong) ? mean : throw new ConfigurationException($"{faultEvery.Name}: {wrong}.", Duration.Examples);
    SimulationPlan plan = new(
        parsed.GetValue(devices), parsed.GetValue(perStore), parsed.GetValue(canaries), TimeOf(interval), TimeOf(duration), TimeOf(drain), between, parsed.GetValue(darkStores), TimeOf(darkFor), parsed.GetValue(seed));
    PublishOptions Options(string name) => new()
    {
        Device = name,
        Broker = parsed.GetRequiredValue(broker),
        CaFile = parsed.GetValue(ca),
        UserName = parsed.GetValue(password) is null ? null : name,
        PasswordFile = parsed.GetValue(password),
    };
    return await new Simulation(plan, Options, TimeProvider.System, parsed.InvocationConfiguration.Output).RunAsync(parsed.GetValue(report), cancellationToken) ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
