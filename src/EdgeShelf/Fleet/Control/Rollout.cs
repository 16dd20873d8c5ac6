using EdgeShelf.Fleet.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Control;

/// <summary>What has to be done next.</summary>
enum RolloutAction
{
    /// <summary>Publish the document for the group, unless it is there already, and call <see cref="Rollout.Published"/>.</summary>
    Publish,
    Wait,
    Stopped,
    Finished,
}

/// <param name="Standing">Where the group stands, or null before its document was published.</param>
/// <param name="Reason">Why it stopped, or null.</param>
sealed record RolloutStep(RolloutAction Action, string Group, GroupStanding? Standing = null, string? Reason = null);

/// <summary>
/// Moves one version of a document from group to group by what the devices report. It holds nothing that the broker does not retain, except for how long
/// it has waited: after a restart it finds the groups that have the document, and goes on.
/// </summary>
/// <param name="groups">The groups in their order, at least one.</param>
/// <param name="version">The version of the document.</param>
sealed class Rollout(IReadOnlyList<string> groups, int version, RolloutRules rules)
{
    readonly Dictionary<string, TimeSpan> _waitingSince = [];
    readonly Dictionary<string, TimeSpan> _watchingSince = [];
    int _current;
    TimeSpan? _publishedAt;

    /// <summary>The group whose turn it is.</summary>
    public string Group => groups[_current];

    /// <summary>Call this when the broker has the document for the group of the step.</summary>
    /// <param name="now">The time on a clock that only goes forward, as in <see cref="Next"/>.</param>
    public void Published(TimeSpan now) => _publishedAt = now;

    /// <param name="devices">All devices that are known now.</param>
    /// <param name="retained">The version that the broker holds for the current group, or null for none.</param>
    public RolloutStep Next(IReadOnlyList<FleetDevice> devices, int? retained, TimeSpan now)
    {
        string group = Group;
        if (_publishedAt is not { } publishedAt)
            return new RolloutStep(RolloutAction.Publish, group);
        GroupStanding standing = new(group, [.. devices.Where(device => device.Group == group).Select(device => Judge(device, now))]);
        if (retained != version)
            return Stop(standing, $"somebody else published {(retained is { } other ? $"version {other}" : "an empty document")} for this group");
        if (standing.FailedShare > rules.MaxFailed)
            return Stop(standing, $"{standing.Count(DeviceStanding.Failed)} of {standing.Counted} devices failed, and at most {rules.MaxFailed * 100:0.##} % may");
        if (!standing.IsDecided)
            return new RolloutStep(RolloutAction.Wait, group, standing);
        bool isPassedOver = standing.Devices.Count == 0 && rules.MayBeEmpty.Contains(group);
        if (standing.Count(DeviceStanding.Done) == 0 && !isPassedOver)
            return now - publishedAt > rules.Timeout
                ? Stop(standing, $"no device of this group was connected within {Duration.Text(rules.Timeout)}{(standing.Count(DeviceStanding.Own) is > 0 and var own ? $", beside {own} with a document of their own" : "")}")
                : new RolloutStep(RolloutAction.Wait, group, standing);
        if (_current == groups.Count - 1)
            return new RolloutStep(RolloutAction.Finished, group, standing);
        _current++;
        _publishedAt = null;
        return new RolloutStep(RolloutAction.Publish, Group, standing);
    }

    static RolloutStep Stop(GroupStanding standing, string reason) => new(RolloutAction.Stopped, standing.Group, standing, reason);

    JudgedDevice Judge(FleetDevice device, TimeSpan now)
    {
        if (device.HasOwnDesired)
            return new JudgedDevice(device, DeviceStanding.Own);
        if (device.SpeaksOf(version))
        {
            ReportedDocument reported = device.Reported!;
            if (reported.Status is FleetStatus.Refused or FleetStatus.RolledBack)
                return new JudgedDevice(device, DeviceStanding.Failed, reported.Status);
            if (reported.Status == FleetStatus.Applied && reported.Step is null)
                return new JudgedDevice(device, DeviceStanding.Done);
        }
        // A lower version does nothing on a device, and it says nothing of it.
        if (device.Reported is { DesiredFrom: "group", DesiredVersion: { } its } && its > version)
            return new JudgedDevice(device, DeviceStanding.Failed, $"it has version {its} already and takes only a higher one");
        if (!device.IsOnline)
        {
            _waitingSince.Remove(device.Name);
            return new JudgedDevice(device, DeviceStanding.Away);
        }
        bool isApplied = device.SpeaksOf(version) && device.Reported!.Status == FleetStatus.Applied;
        Dictionary<string, TimeSpan> since = isApplied ? _watchingSince : _waitingSince;
        bool mayWait = !isApplied && device.SpeaksOf(version) && device.Reported!.Step == FleetStep.Waiting;
        if (mayWait || !since.TryGetValue(device.Name, out TimeSpan start))
            since[device.Name] = start = now;
        TimeSpan limit = isApplied ? RolloutRules.WatchLimit : rules.Timeout;
        if (now - start > limit)
            return new JudgedDevice(device, DeviceStanding.Failed, $"not {(isApplied ? "decided" : "applied")} within {Duration.Text(limit)}");
        return new JudgedDevice(device, isApplied ? DeviceStanding.Watching : DeviceStanding.Waiting);
    }
}
