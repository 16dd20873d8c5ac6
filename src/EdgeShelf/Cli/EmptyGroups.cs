using System.CommandLine;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Platform;
using EdgeShelf.Publish;

namespace EdgeShelf.Cli;

/// <summary>
/// Groups that no device has reported, which is what a mistyped name looks like. A verb publishes nothing for them unless its user says that it should.
/// </summary>
sealed class EmptyGroups
{
    /// <summary>The number of known groups that are named.</summary>
    const int NamedGroups = 20;

    /// <summary>What reports are shown at most of a group's name, in characters.</summary>
    const int MaxName = 64;

    readonly Option<bool> _evenIfEmpty = new("--even-if-empty") { Description = $"Publish also for a group that no device has reported, for devices that come later. Without it the exit code is {ExitCodes.NobodyThere}." };

    public void AddTo(Command command) => command.Options.Add(_evenIfEmpty);

    /// <summary>Whether the verb may publish for these groups. It writes a sentence for the user if no device has reported one of them.</summary>
    /// <param name="empty">The groups that no device has reported.</param>
    public bool Allows(ParseResult parsed, FleetView view, IReadOnlyList<string> groups, out IReadOnlyList<string> empty)
    {
        IReadOnlyList<FleetDevice> devices = view.Devices;
        empty = [.. groups.Where(group => devices.All(device => device.Group != group))];
        if (empty.Count == 0)
            return true;
        string problem = $"No device has reported the group {string.Join(" or the group ", empty)}.";
        bool isAllowed = parsed.GetValue(_evenIfEmpty);
        parsed.InvocationConfiguration.Error.WriteLine(isAllowed
            ? $"{problem} {(empty.Count == 1 ? "Its document waits" : "Their documents wait")} at the broker for devices that come later, because of {_evenIfEmpty.Name}."
            : ErrorText.Of($"{problem} {Known(devices)} Nothing was published.", $"Correct --group, or add {_evenIfEmpty.Name} if the devices come later."));
        return isAllowed;
    }

    /// <summary>A sentence with the groups that devices have reported.</summary>
    public static string Known(IReadOnlyList<FleetDevice> devices)
    {
        string[] groups = [.. devices.Where(device => device.Group is not null).GroupBy(device => device.Group!).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{PlainText.Shown(group.Key, MaxName)} ({group.Count()})")];
        return devices.Count == 0 ? $"No device has told this broker anything on {DeviceTopics.Root}/+/reported, or this user may not read it."
            : groups.Length == 0 ? $"{devices.Count} {(devices.Count == 1 ? "device is" : "devices are")} there, without a group."
            : $"Groups with their devices: {string.Join(", ", groups.Take(NamedGroups))}{(groups.Length > NamedGroups ? $" and {groups.Length - NamedGroups} more" : "")}.";
    }
}
