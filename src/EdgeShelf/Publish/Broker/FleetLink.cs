using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>What came for the fleet since the last call.</summary>
/// <param name="Latest">The newest payload of each topic; an empty one takes the document back.</param>
/// <param name="Seen">
/// The topics from which something came since the last subscription, or null if it is not confirmed yet. The broker sends what it retains right
/// after the subscription, so a topic that is not among them soon after has no document.
/// </param>
/// <param name="Subscriptions">The number of confirmed subscriptions since the start.</param>
sealed record FleetArrivals(IReadOnlyDictionary<string, byte[]> Latest, IReadOnlySet<string>? Seen, long Subscriptions);

/// <summary>
/// Passes retained documents between the sender and the fleet: those of the chain come in, the report goes out. Of each topic only the newest
/// counts, so a flood costs no memory. All members are thread-safe.
/// </summary>
sealed class FleetLink
{
    /// <summary>
    /// The quality of service of the subscription. At most once loses no document for good: documents are retained, so a subscription brings them, and the
    /// sender, whose sessions are clean, subscribes at each connection and each <see cref="RenewAfter"/>. The latter brings what was lost while the connection
    /// stayed up, as between the nodes of a cluster. At least once would cost nats-server a consumer with files of its own for each device and topic.
    /// </summary>
    public const MqttQualityOfServiceLevel Qos = MqttQualityOfServiceLevel.AtMostOnce;

    /// <summary>The time after which the sender subscribes again on the same connection.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);

    readonly Lock _gate = new();
    readonly Dictionary<string, byte[]> _latest = [];
    readonly HashSet<string> _seen = [];
    bool _isSubscribed;
    long _subscriptions;
    byte[]? _report;

    /// <summary>The topics to subscribe to. They are set before the sender starts; without any there is no fleet.</summary>
    public IReadOnlyList<string> Topics { get; set; } = [];

    /// <summary>The maximum number of bytes of a payload that is kept. Of a longer one only one byte more is kept, which is enough to refuse it.</summary>
    public int MaxBytes { get; set; }

    /// <summary>Whether the sender must not connect, because the device has no credentials of its own yet. It is set before the sender starts.</summary>
    public bool HoldsSender { get; set; }

    /// <summary>Raised when something arrived or the topics are subscribed, on a thread of the connection. Handlers must return quickly.</summary>
    public event Action? Arrived;

    /// <summary>Raised when the report changed.</summary>
    public event Action? ReportChanged;

    /// <summary>The document for `…/reported`, or null while there is none.</summary>
    public byte[]? Report
    {
        get => Volatile.Read(ref _report);
        set
        {
            Volatile.Write(ref _report, value);
            ReportChanged?.Invoke();
        }
    }

    /// <summary>Call this before a subscription, because the broker may send documents before it confirms.</summary>
    public void Subscribing()
    {
        lock (_gate)
        {
            _seen.Clear();
            _isSubscribed = false;
        }
    }

    /// <summary>Call this when the broker confirmed the subscription.</summary>
    public void Subscribed()
    {
        lock (_gate)
        {
            _isSubscribed = true;
            _subscriptions++;
        }
        Arrived?.Invoke();
    }

    /// <summary>Accepts a message if its topic is one of <see cref="Topics"/>.</summary>
    public bool TryAccept(MqttApplicationMessage message)
    {
        if (!Topics.Contains(message.Topic))
            return false;
        ReadOnlySequence<byte> payload = message.Payload;
        byte[] bytes = (payload.Length > MaxBytes ? payload.Slice(0, MaxBytes + 1L) : payload).ToArray();
        lock (_gate)
        {
            _latest[message.Topic] = bytes;
            _seen.Add(message.Topic);
        }
        Arrived?.Invoke();
        return true;
    }

    /// <summary>Takes what arrived.</summary>
    public FleetArrivals Take()
    {
        lock (_gate)
        {
            FleetArrivals arrivals = new(new Dictionary<string, byte[]>(_latest), _isSubscribed ? new HashSet<string>(_seen) : null, _subscriptions);
            _latest.Clear();
            return arrivals;
        }
    }
}
