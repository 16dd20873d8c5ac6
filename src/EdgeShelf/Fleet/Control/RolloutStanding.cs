namespace EdgeShelf.Fleet.Control;

/// <summary>Where one device of a group stands.</summary>
enum DeviceStanding
{
    /// <summary>It is not connected. It takes the document when it comes back, and nobody waits for it.</summary>
    Away,

    /// <summary>A document of its own is in force, which wins over that of the group.</summary>
    Own,
    Waiting,

    /// <summary>It applied the document and compares its new model with the one before.</summary>
    Watching,
    Done,
    Failed,
}

/// <summary>A device and where it stands.</summary>
/// <param name="Reason">Why it failed, or null.</param>
sealed record JudgedDevice(FleetDevice Device, DeviceStanding Standing, string? Reason = null);

/// <summary>Where a group stands.</summary>
sealed record GroupStanding(string Group, IReadOnlyList<JudgedDevice> Devices)
{
    public int Count(DeviceStanding standing) => Devices.Count(device => device.Standing == standing);

    /// <summary>The devices that are counted: all but those that are away or have a document of their own.</summary>
    public int Counted => Devices.Count - Count(DeviceStanding.Away) - Count(DeviceStanding.Own);

    public bool IsDecided => Count(DeviceStanding.Waiting) + Count(DeviceStanding.Watching) == 0;

    public double FailedShare => Counted == 0 ? 0 : (double)Count(DeviceStanding.Failed) / Counted;

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string rest = string.Concat(
            new (DeviceStanding Standing, string Words)[] { (DeviceStanding.Watching, "watching"), (DeviceStanding.Waiting, "to go"), (DeviceStanding.Failed, "failed"), (DeviceStanding.Away, "away"), (DeviceStanding.Own, "with a document of their own") }
                .Where(part => Count(part.Standing) > 0).Select(part => $", {Count(part.Standing)} {part.Words}"));
        return Devices.Count == 0 ? $"{Group}: no device has reported this group" : $"{Group}: {Count(DeviceStanding.Done)} of {Devices.Count} done{rest}";
    }
}
