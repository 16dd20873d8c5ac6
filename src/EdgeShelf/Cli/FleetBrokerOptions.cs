using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Cli;

/// <summary>The options by which the verbs of `fleet` find the broker, and those that name groups.</summary>
sealed class FleetBrokerOptions
{
    readonly CommonOptions _common = new();
    readonly Option<string?> _broker = new("--broker", "-b") { Description = "The broker, for example mqtts://broker.shop. Default: Publish:Broker of the settings.", HelpName = "URL" };
    readonly Option<string?> _user = new("--user", "-u") { Description = "The user name at the broker.", HelpName = "NAME" };
    readonly Option<string?> _password = new("--password-file") { Description = "A file whose first line is the password.", HelpName = "FILE" };
    readonly Option<string?> _ca = new("--ca") { Description = "A PEM file with the authorities that are trusted for the broker.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _broker, _user, _password, _ca })
            command.Options.Add(option);
        _common.AddConfigurationTo(command);
    }

    /// <summary>Connects, and reads what the broker retains.</summary>
    /// <exception cref="ConfigurationException">The settings of the broker are not valid.</exception>
    /// <exception cref="EdgeShelfException">The broker cannot be reached, or does not let this user read.</exception>
    public async Task<FleetBroker> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        FleetBroker fleet = Create(parsed);
        try
        {
            await fleet.ConnectAsync(cancellationToken);
            return fleet;
        }
        catch (BrokerException problem)
        {
            await fleet.DisposeAsync();
            // The hints of a connection are those for a device, which goes on by itself.
            throw new EdgeShelfException(problem.Message, "Check --broker, --user, --password-file and --ca, and run the command again.", problem);
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    FleetBroker Create(ParseResult parsed)
    {
        PublishOptions options = ConfigurationCheck.Read<PublishOptions>(_common.Configuration(parsed), PublishOptions.Section);
        options.Broker = parsed.GetValue(_broker) ?? options.Broker;
        options.UserName = parsed.GetValue(_user) ?? options.UserName;
        options.PasswordFile = parsed.GetValue(_password) ?? options.PasswordFile;
        options.CaFile = parsed.GetValue(_ca) ?? options.CaFile;
        ValidateOptionsResult validated = new PublishOptionsValidator().Validate(null, options);
        return validated.Failed
            ? throw new ConfigurationException(string.Join("\n", validated.Failures), "Correct --broker, --user, --password-file or --ca, or the settings in place of them.")
            : new FleetBroker(options, TimeProvider.System);
    }

    /// <exception cref="ConfigurationException">A name is not one of a group, or is given twice.</exception>
    public static IReadOnlyList<string> Groups(string text)
    {
        string[] groups = text.Split(',', StringSplitOptions.TrimEntries);
        if (groups.FirstOrDefault(group => !DeviceName.IsValid(group)) is { } wrong)
            throw new ConfigurationException($"--group has \"{wrong}\"; a group's name has {DeviceName.Allowed}.", "Name one group, or several with commas between them, as in --group canary,rest.");
        return groups.Distinct().Count() == groups.Length ? groups : throw new ConfigurationException($"--group is {text}; a group is named twice.", "Name each group once.");
    }
}
