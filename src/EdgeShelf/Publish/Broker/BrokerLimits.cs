using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>What a broker announces in its CONNACK (MQTT 5.0, 3.2.2.3). With MQTT 3.1.1 a broker announces nothing, and there are no limits.</summary>
sealed record BrokerLimits
{
    /// <summary>An upper bound: 5 bytes for the fixed header, 2 for the packet identifier, 4 for the length of the properties, 2 for the payload format indicator.</summary>
    const int FixedOverhead = 13;

    /// <summary>The size of the length before each string or binary field, in bytes.</summary>
    const int Prefix = 2;

    /// <summary>The maximum size of one packet in bytes, including its headers, or null if the broker set no limit.</summary>
    public uint? MaximumPacketSize { get; init; }
    public bool IsRetainAvailable { get; init; } = true;
    public bool AreWildcardsAvailable { get; init; } = true;
    public MqttQualityOfServiceLevel MaximumQos { get; init; } = MqttQualityOfServiceLevel.ExactlyOnce;

    /// <summary>The keep-alive that the broker sets instead of the configured one, or null if it accepts the configured one.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The client id that the broker uses instead of the requested one, or null.</summary>
    public string? AssignedClientId { get; init; }

    /// <summary>Another broker that this one refers to, or null. It is only shown, because a broker must not redirect a device.</summary>
    public string? ServerReference { get; init; }

    public static BrokerLimits Of(MqttClientConnectResult result, MqttProtocolVersion version) => version != MqttProtocolVersion.V500 ? new() : new()
    {
        // MQTTnet returns zero if the CONNACK has no maximum. A maximum of zero is a protocol error (MQTT 5.0, 3.2.2.3.6).
        MaximumPacketSize = result.MaximumPacketSize is 0 ? null : result.MaximumPacketSize,
        IsRetainAvailable = result.RetainAvailable,
        AreWildcardsAvailable = result.WildcardSubscriptionAvailable,
        MaximumQos = result.MaximumQoS,
        KeepAlive = result.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(result.ServerKeepAlive) : null,
        AssignedClientId = string.IsNullOrEmpty(result.AssignedClientIdentifier) ? null : result.AssignedClientIdentifier,
        ServerReference = string.IsNullOrEmpty(result.ServerReference) ? null : result.ServerReference,
    };

    /// <summary>One sentence, for people, about each limit that changes what the device does.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            List<string> sentences = [];
            if (!IsRetainAvailable)
                sentences.Add("The broker keeps no retained messages: a client that subscribes later sees state and availability only at the next change.");
            if (!AreWildcardsAvailable)
                sentences.Add("The broker does not support wildcards: the device subscribes to each request topic separately.");
            if (MaximumPacketSize is { } size)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The broker accepts packets of at most {size} bytes."));
            if (KeepAlive is { } keepAlive)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The broker sets the keep-alive to {keepAlive.TotalSeconds} s."));
            if (AssignedClientId is not null)
                sentences.Add($"The broker uses the client id {AssignedClientId}.");
            if (ServerReference is not null)
                sentences.Add($"The broker refers to {ServerReference}.");
            return sentences;
        }
    }

    /// <summary>Why the broker would end the connection because of this message, or null if the message is within the limits.</summary>
    public string? ProblemOf(MqttApplicationMessage message) =>
        MaximumPacketSize is { } most && SizeOf(message) is var size && size > most
            ? string.Create(CultureInfo.InvariantCulture, $"it has {size} bytes and the broker accepts at most {most}")
            : null;

    static long SizeOf(MqttApplicationMessage message) =>
        FixedOverhead + Prefix + Encoding.UTF8.GetByteCount(message.Topic) + message.Payload.Length
        + (message.ContentType is { } type ? 1 + Prefix + Encoding.UTF8.GetByteCount(type) : 0)
        + (message.CorrelationData is { } correlation ? 1 + Prefix + correlation.Length : 0);
}
