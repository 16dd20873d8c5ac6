using EdgeShelf.Fleet.Documents;
using EdgeShelf.Publish.Broker;

namespace EdgeShelf.Fleet.Control;

/// <summary>Collects what devices retain on the broker. This type is thread-safe.</summary>
sealed class FleetView(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, FleetDevice> _devices = [];
    readonly Dictionary<string, byte[]> _desired = [];
    readonly Dictionary<string, byte[]> _before = [];

    /// <summary>The number of messages that were taken.</summary>
    public long Messages { get; private set; }

    /// <summary>Set after each message.</summary>
    public WakeSignal Changed { get; } = new(clock);

    /// <summary>The devices that told something, by name.</summary>
    public IReadOnlyList<FleetDevice> Devices
    {
        get
        {
            lock (_gate)
                return [.. _devices.Values.Where(device => device.Reported is not null || device.IsOnline).OrderBy(device => device.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The document that is wanted of a group, or null.</summary>
    public byte[]? DesiredOf(string group)
    {
        lock (_gate)
            return _desired.GetValueOrDefault(group);
    }

    /// <summary>The document that was wanted of a group before, or null.</summary>
    public byte[]? BeforeOf(string group)
    {
        lock (_gate)
            return _before.GetValueOrDefault(group);
    }

    /// <summary>Takes a message over. What is not understood counts as absent: anyone who may write to a topic can send it.</summary>
    public void Take(string topic, byte[] payload)
    {
        if (!FleetTopics.TrySplit(topic, out string owner, out bool isGroup, out string kind))
            return;
        lock (_gate)
        {
            Messages++;
            if (isGroup)
                Keep(kind == "desired" ? _desired : _before, owner, payload);
            else
                _devices[owner] = With(_devices.GetValueOrDefault(owner) ?? new FleetDevice(owner, null, false, false), kind, payload);
        }
        Changed.Set();
    }

    /// <summary>Forgets everything, because a new connection brings it again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _devices.Clear();
            _desired.Clear();
            _before.Clear();
        }
    }

    static void Keep(Dictionary<string, byte[]> documents, string group, byte[] payload)
    {
        if (payload.Length > 0)
            documents[group] = payload;
        else
            documents.Remove(group);
    }

    static FleetDevice With(FleetDevice device, string kind, byte[] payload) => kind switch
    {
        "availability" => device with { IsOnline = payload.AsSpan().SequenceEqual("online"u8) },
        "desired" => device with { HasOwnDesired = payload.Length > 0 },
        "reported" => device with { Reported = ReportedDocument.TryParse(payload, out ReportedDocument? reported) ? reported : null },
        _ => device,
    };
}
