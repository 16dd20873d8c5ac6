using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Fleet.Documents;

namespace EdgeShelf.Fleet.Wishes;

/// <summary>What a payload meant for the device.</summary>
enum Arrival
{
    /// <summary>It says what is known already.</summary>
    Known,

    /// <summary>It has a lower version than the document that holds, and does nothing.</summary>
    Late,

    /// <summary>It is the document of the topic now, valid or not.</summary>
    New,

    /// <summary>The document of the topic was taken back.</summary>
    Removed,
}

/// <summary>What to do with the document in force.</summary>
enum NextAct
{
    /// <summary>Nothing is wanted, or all is done.</summary>
    Nothing,

    /// <summary>The document is applied when its window opens.</summary>
    Wait,
    Apply,
}

/// <summary>
/// The rules of which document holds and what happens with it: the device's own before the group's, versions that only increase, nothing twice,
/// inside the window only, and refused once. It does nothing itself.
/// </summary>
static class WishRule
{
    /// <summary>Takes a payload of one topic.</summary>
    /// <param name="from">`device` or `group`.</param>
    public static (FleetMemory After, Arrival Arrival) Take(FleetMemory memory, string from, byte[] payload)
    {
        WishMemory topic = Of(memory, from);
        if (payload.Length == 0)
            return topic.Now is null ? (memory, Arrival.Known) : (With(memory, from, topic with { Now = null }), Arrival.Removed);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(payload));
        if (topic.Now?.Id.Sha256 == sha256)
            return (memory, Arrival.Known);
        WishId id = new(from, sha256);
        DesiredReading reading = DesiredDocument.Read(payload);
        if (reading.Version < topic.LastVersion && topic.Now?.Version >= topic.LastVersion)
            return (memory, Arrival.Late);
        Wish wish = new(id, reading.Version, reading.Document is null ? null : Encoding.UTF8.GetString(payload), reading.Problems);
        if (reading.Version < topic.LastVersion)
        {
            // The last one was taken back or damaged. Say so: a rollout that gets no answer would wait for its whole time limit.
            wish = wish with
            {
                Json = null,
                Problems = [new FleetProblem(FleetProblem.VersionReused, $"Version {reading.Version} is lower than {topic.LastVersion}, which was sent before. Send the document with version {topic.LastVersion + 1L} or a higher one.")],
            };
            return (With(memory, from, topic with { Now = wish }), Arrival.New);
        }
        if (reading.Version == topic.LastVersion && topic.LastSha256 is { } last && last != sha256)
        {
            wish = wish with
            {
                Json = null,
                Problems = [new FleetProblem(FleetProblem.VersionReused, $"Version {reading.Version} was sent before with other content. Give each document of a topic a higher version.")],
            };
            return (With(memory, from, topic with { Now = wish }), Arrival.New);
        }
        return (With(memory, from, new WishMemory { LastVersion = reading.Version ?? topic.LastVersion, LastSha256 = reading.Version is null ? topic.LastSha256 : sha256, Now = wish }), Arrival.New);
    }

    /// <summary>
    /// Takes back the device's own document if the broker no longer has it, so that the group's holds. If the broker has neither document, it may
    /// have lost what it retained, and all stays as it is.
    /// </summary>
    public static FleetMemory WithoutUnseen(FleetMemory memory, bool isDeviceSeen, bool isGroupSeen) =>
        memory.Device.Now is not null && !isDeviceSeen && isGroupSeen ? memory with { Device = memory.Device with { Now = null } } : memory;

    /// <summary>Forgets the document of a group to which the device no longer belongs.</summary>
    public static FleetMemory InGroup(FleetMemory memory, string? group) =>
        memory.GroupName == group ? memory : memory with { GroupName = group, Group = new WishMemory() };

    /// <summary>Forgets that a planogram did not fit the slots, if the device has other slots now, so that its document is judged again.</summary>
    /// <param name="slots">The version of the slots in force.</param>
    public static FleetMemory WithSlots(FleetMemory memory, int slots)
    {
        WishVerdict[] kept = [.. memory.Verdicts.Where(verdict => verdict.Slots is null || verdict.Slots == slots)];
        return kept.Length == memory.Verdicts.Count ? memory : memory with { Verdicts = kept };
    }

    /// <summary>The document that holds, or null.</summary>
    public static Wish? InForce(FleetMemory memory) => memory.Device.Now ?? memory.Group.Now;

    /// <summary>`none`, `pending`, `applied`, `refused` or `rolled-back`.</summary>
    public static string StatusOf(FleetMemory memory) => InForce(memory) is not { } wish ? FleetStatus.None
        : wish.Problems.Count > 0 ? FleetStatus.Refused
        : memory.VerdictOf(wish.Id) is { } verdict ? verdict.Status
        : memory.Applying is null && memory.Applied == wish.Id ? FleetStatus.Applied
        : FleetStatus.Pending;

    /// <summary>Returns what to do now.</summary>
    /// <param name="local">The local time of the device.</param>
    public static NextAct Next(FleetMemory memory, TimeOnly local)
    {
        if (StatusOf(memory) != FleetStatus.Pending)
            return NextAct.Nothing;
        DesiredDocument? document = InForce(memory)!.Document();
        return document is null ? NextAct.Nothing : document.Window is { } window && !window.Contains(local) ? NextAct.Wait : NextAct.Apply;
    }

    /// <summary>The part of the spread after which this device begins to download: the same for one document, and another for each device.</summary>
    public static TimeSpan DelayOf(Guid installation, WishId id, TimeSpan spread)
    {
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{installation:D} {id.Sha256}"));
        return spread * (BitConverter.ToUInt32(hash) / (uint.MaxValue + 1.0));
    }

    static WishMemory Of(FleetMemory memory, string from) => from == WishId.OfDevice ? memory.Device : memory.Group;

    static FleetMemory With(FleetMemory memory, string from, WishMemory topic) =>
        from == WishId.OfDevice ? memory with { Device = topic } : memory with { Group = topic };
}
