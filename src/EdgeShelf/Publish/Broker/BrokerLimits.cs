using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>What a broker announces in its CONNACK (MQTT 5.0, 3.2.2.3). MQTT 3.1.1 announces nothing: then there are no limits.</summary>
sealed record BrokerLimits
{
    /// <summary>Fixed header 5, packet identifier 2, length of the properties 4, payload format indicator 2: an upper bound.</summary>
    const int FixedOverhead = 13;

    /// <summary>The length before each string or binary field.</summary>
    const int Prefix = 2;

    /// <summary>Bytes of one packet, headers included; null where the broker set no limit.</summary>
    public uint? MaximumPacketSize { get; init; }
    public bool IsRetainAvailable { get; init; } = true;
    public bool AreWildcardsAvailable { get; init; } = true;
    public MqttQualityOfServiceLevel MaximumQos { get; init; } = MqttQualityOfServiceLevel.ExactlyOnce;

    /// <summary>The broker's own value, which replaces ours; null where it accepts ours.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The client id that the broker uses in place of ours, or null.</summary>
    public string? AssignedClientId { get; init; }

    /// <summary>Another broker that this one names, or null. It is only shown: a broker must not send a device elsewhere.</summary>
    public string? ServerReference { get; init; }

    public static BrokerLimits Of(MqttClientConnectResult result, MqttProtocolVersion version) => version != MqttProtocolVersion.V500 ? new() : new()
    {
        // MQTTnet gives zero where the CONNACK has no maximum; zero itself is a protocol error (MQTT 5.0, 3.2.2.3.6).
        MaximumPacketSize = result.MaximumPacketSize is 0 ? null : result.MaximumPacketSize,
        IsRetainAvailable = result.RetainAvailable,
        AreWildcardsAvailable = result.WildcardSubscriptionAvailable,
        MaximumQos = result.MaximumQoS,
        KeepAlive = result.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(result.ServerKeepAlive) : null,
        AssignedClientId = string.IsNullOrEmpty(result.AssignedClientIdentifier) ? null : result.AssignedClientIdentifier,
        ServerReference = string.IsNullOrEmpty(result.ServerReference) ? null : result.ServerReference,
    };

    /// <summary>One sentence for each limit that changes what the device does, for people.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            List<string> sentences = [];
            if (!IsRetainAvailable)
                sentences.Add("The broker keeps no retained messages: who subscribes late sees state and availability only at the next change.");
            if (!AreWildcardsAvailable)
                sentences.Add("The broker takes no wildcards: each request topic is subscribed to by itself.");
            if (MaximumPacketSize is { } size)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The broker takes packets of at most {size} bytes."));
            if (KeepAlive is { } keepAlive)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The broker sets the keep-alive to {keepAlive.TotalSeconds} s."));
            if (AssignedClientId is not null)
                sentences.Add($"The broker uses the client id {AssignedClientId}.");
            if (ServerReference is not null)
                sentences.Add($"The broker refers to {ServerReference}.");
            return sentences;
        }
    }

    /// <summary>Why the broker would end the connection on this message, or null when it fits.</summary>
    public string? ProblemOf(MqttApplicationMessage message) =>
        MaximumPacketSize is { } most && SizeOf(message) is var size && size > most
            ? string.Create(CultureInfo.InvariantCulture, $"it is {size} bytes and the broker takes {most}")
            : null;

    static long SizeOf(MqttApplicationMessage message) =>
        FixedOverhead + Prefix + Encoding.UTF8.GetByteCount(message.Topic) + message.Payload.Length
        + (message.ContentType is { } type ? 1 + Prefix + Encoding.UTF8.GetByteCount(type) : 0)
        + (message.CorrelationData is { } correlation ? 1 + Prefix + correlation.Length : 0);
}
