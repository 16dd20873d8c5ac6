using EdgeShelf.Fleet.Documents;

namespace EdgeShelf.Fleet.Control;

/// <summary>What the broker knows of one device.</summary>
/// <param name="Reported">What the device made of its desired document, or null if it has not said so, or not in a form that is understood here.</param>
/// <param name="IsOnline">Whether it is connected.</param>
/// <param name="HasOwnDesired">Whether a document for this device alone is in force, which wins over that of its group.</param>
sealed record FleetDevice(string Name, ReportedDocument? Reported, bool IsOnline, bool HasOwnDesired)
{
    public string? Group => Reported?.Group;

    /// <summary>The highest version that the device says it took from its group's topic, or 0.</summary>
    public int GroupVersion => Reported?.GroupVersion ?? (Reported is { DesiredFrom: "group", DesiredVersion: { } its } ? its : 0);

    /// <summary>Whether the device speaks of the document of its group that has this version.</summary>
    public bool SpeaksOf(int version) => Reported is { DesiredFrom: "group", DesiredVersion: { } its } && its == version;
}
