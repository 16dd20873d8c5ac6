using System.Globalization;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet;

/// <summary>Takes what arrives from the broker into the memory. Only the fleet's loop uses this type; it is not thread-safe.</summary>
sealed class FleetInbox(FleetLink link, string device, string? group, TimeProvider clock, ILogger log)
{
    /// <summary>The time after a subscription in which the broker sends what it retains. Until then a document of the group may be followed by the device's own.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>The time after which a device without a broker goes on with the documents that it remembers.</summary>
    public static readonly TimeSpan WithoutBroker = TimeSpan.FromMinutes(2);

    readonly string _own = new DeviceTopics(device).Desired;
    readonly string? _group = group is null ? null : DeviceTopics.DesiredOfGroup(group);
    readonly HashSet<WishId> _late = [];
    readonly long _startedAt = clock.GetTimestamp();
    long _subscriptions;
    long? _settlingSince;
    bool _hasSettled;

    public IReadOnlyList<string> Topics => _group is null ? [_own] : [_own, _group];

    /// <summary>Whether it is known which documents the broker has, or whether there is no broker to ask.</summary>
    public bool IsSettled => _settlingSince is null && (_hasSettled || clock.GetElapsedTime(_startedAt) >= WithoutBroker);

    public FleetMemory Take(FleetMemory memory)
    {
        FleetArrivals arrivals = link.Take();
        if (arrivals.Subscriptions != _subscriptions)
            (_subscriptions, _settlingSince) = (arrivals.Subscriptions, clock.GetTimestamp());
        foreach ((string topic, byte[] payload) in arrivals.Latest)
            memory = Take(memory, topic == _own ? WishId.OfDevice : WishId.OfGroup, payload);
        if (_settlingSince is { } since && clock.GetElapsedTime(since) >= Settle)
        {
            (_settlingSince, _hasSettled) = (null, true);
            if (arrivals.Seen is { } seen)
                memory = WishRule.WithoutUnseen(memory, seen.Contains(_own), _group is not null && seen.Contains(_group));
        }
        return memory;
    }

    /// <summary>A document as the subject of a sentence of the log. A damaged one has no version.</summary>
    public static string Named(int? version) =>
        version is { } number ? string.Create(CultureInfo.InvariantCulture, $"Version {number} of the desired document") : "A desired document whose version cannot be read";

    FleetMemory Take(FleetMemory memory, string from, byte[] payload)
    {
        (FleetMemory after, Arrival arrival) = WishRule.Take(memory, from, payload);
        Wish? wish = from == WishId.OfDevice ? after.Device.Now : after.Group.Now;
        switch (arrival)
        {
            case Arrival.New when wish!.Problems.Count > 0:
                log.WishRefused(Named(wish.Version), string.Join(" ", wish.Problems.Select(problem => problem.Message)));
                break;
            case Arrival.New:
                log.WishTaken(wish!.Version, from);
                break;
            case Arrival.Removed:
                log.WishRemoved(from);
                break;
            // A retained one comes at each connection.
            case Arrival.Late when _late.Add(new WishId(from, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(payload)))):
                log.WishLate(from);
                break;
            case Arrival.Known or Arrival.Late:
                break;
            default:
                throw new InvalidOperationException($"{arrival} is not known here.");
        }
        return after;
    }
}
