using EdgeShelf.Publish;

namespace EdgeShelf.Fleet.Control;

/// <summary>The topics that the engineer's side reads and writes.</summary>
static class FleetTopics
{
    const string GroupLevel = "_group";

    /// <summary>What all devices retain about themselves, and what is wanted of each device and each group.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        $"{DeviceTopics.Root}/+/reported", $"{DeviceTopics.Root}/+/availability", $"{DeviceTopics.Root}/+/desired",
        $"{DeviceTopics.Root}/{GroupLevel}/+/desired", $"{DeviceTopics.Root}/{GroupLevel}/+/desired-before",
    ];

    public static string Desired(string group) => $"{DeviceTopics.Root}/{GroupLevel}/{group}/desired";

    /// <summary>The document that a group had before the one in force, for the way back. Devices do not read it.</summary>
    public static string Before(string group) => $"{DeviceTopics.Root}/{GroupLevel}/{group}/desired-before";

    /// <summary>Splits a topic into its owner and its kind.</summary>
    /// <param name="owner">The device or the group.</param>
    /// <returns>False for topics of others.</returns>
    public static bool TrySplit(string topic, out string owner, out bool isGroup, out string kind)
    {
        string[] levels = topic.Split('/');
        isGroup = levels is [DeviceTopics.Root, GroupLevel, _, _];
        (owner, kind) = isGroup ? (levels[2], levels[3]) : levels is [DeviceTopics.Root, var device, var last] ? (device, last) : ("", "");
        return DeviceName.IsValid(owner);
    }
}
