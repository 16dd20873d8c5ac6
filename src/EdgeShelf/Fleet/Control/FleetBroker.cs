using System.Buffers;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Fleet.Control;

/// <summary>The engineer's connection to the broker: it follows what all devices retain, and publishes what is wanted of groups.</summary>
sealed class FleetBroker(PublishOptions options, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>The number of attempts, which is enough for both versions of MQTT.</summary>
    const int Attempts = 3;

    /// <summary>How far a version that a device reports may be above those on the broker, so that a device that lies cannot use up all versions.</summary>
    const int MaxLead = 1_000_000;

    /// <summary>The broker has sent all retained messages when none came for this long.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(60);

    readonly BrokerConnector _connector = new(options, new BrokerTls(options, clock), $"edgeshelf-fleet-{Guid.NewGuid():N}", new LastWill($"{DeviceTopics.Root}/_fleet", "", IsRetained: false), clock);
    BrokerConnection? _connection;

    public FleetView View { get; } = new(clock);

    /// <summary>Whether the connection has ended. <see cref="ConnectAsync"/> makes a new one.</summary>
    public bool IsLost => _connection is not { Lost.IsCancellationRequested: false };

    /// <summary>Connects and returns when what is retained is known.</summary>
    /// <exception cref="EdgeShelfException">The broker cannot be reached, or does not let this user read.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        View.Clear();
        _connection = await OpenAsync(cancellationToken);
        // At most once: mosquitto drops what exceeds 1000 messages that wait for a confirmation, and a fleet retains more.
        PublishOutcome outcome = await _connection.SubscribeAsync(FleetTopics.All, cancellationToken, withRetained: true, MqttQualityOfServiceLevel.AtMostOnce);
        if (!outcome.IsTaken)
            throw new EdgeShelfException(
                $"The broker does not let {options.UserName ?? "this client"} read the fleet: {outcome.Reason}.", $"Allow the topics {string.Join(", ", FleetTopics.All)} in the broker's access list.");
        long start = clock.GetTimestamp();
        long seen;
        do
        {
            seen = View.Messages;
            await Task.Delay(Quiet, clock, cancellationToken);
            _connection.ThrowIfLost();
        }
        while (View.Messages != seen && clock.GetElapsedTime(start) < QuietLimit);
    }

    /// <summary>What is wanted of a group now, or null.</summary>
    public WantedDocument? WantedOf(string group) => WantedDocument.OfRetained(View.DesiredOf(group));

    /// <summary>
    /// The highest version that a group ever had, as far as it is known, or 0. The document before counts too, because the one in force may have been
    /// taken back or overwritten, and so does what the devices of the group report.
    /// </summary>
    public int HighestVersionOf(string group)
    {
        int retained = Math.Max(WantedOf(group)?.Version ?? 0, WantedDocument.OfRetained(View.BeforeOf(group))?.Version ?? 0);
        return View.Devices.Where(device => device.Group == group).Select(device => device.GroupVersion).Where(version => version - retained <= MaxLead).Append(retained).Max();
    }

    /// <summary>
    /// Whether devices of the group refused what is wanted of them or took it back, none took it, and the planogram was not the only reason. A document with
    /// another planogram and the rest of this one would fail in the same way.
    /// </summary>
    public bool HasFailedBesidePlanogram(string group) =>
        WantedOf(group)?.Version is { } version && HasFailed(group, version)
        && View.Devices.Any(device => device.Group == group && device.SpeaksOf(version) && device.Reported!.Problems.Any(problem => problem.Code != FleetProblem.BadPlanogram));

    /// <summary>Publishes what is wanted of a group. What was wanted before is kept on the broker for the way back.</summary>
    /// <param name="keepsBefore">Whether this is the way back, so that the document before stays the one before.</param>
    /// <exception cref="EdgeShelfException">It is larger than devices take, the broker does not take it, or the connection broke.</exception>
    public async Task PublishAsync(string group, WantedDocument document, bool keepsBefore, CancellationToken cancellationToken)
    {
        if (document.ToJson().Length is > DesiredDocument.MaxBytes and var size)
            throw new EdgeShelfException($"The document for {group} has {size} bytes; devices take at most {DesiredDocument.MaxBytes}. It was not published.", "Put a large planogram on a web server, and write its address into the document.");
        // First the way back: after a break between the two, the document is published again and finds its predecessor still in force.
        if (!keepsBefore && View.DesiredOf(group) is { } before && !HasFailed(group, WantedDocument.OfRetained(before)?.Version))
            await RetainAsync(FleetTopics.Before(group), before, cancellationToken);
        await RetainAsync(FleetTopics.Desired(group), document.ToJson(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }

    /// <summary>Whether devices refused a version and none took it. It is no way back then.</summary>
    bool HasFailed(string group, int? version)
    {
        string[] said = [.. View.Devices.Where(device => device.Group == group && version is not null && device.SpeaksOf(version.Value)).Select(device => device.Reported!.Status)];
        return said.Any(status => status is FleetStatus.Refused or FleetStatus.RolledBack) && !said.Contains(FleetStatus.Applied);
    }

    async Task RetainAsync(string topic, byte[] payload, CancellationToken cancellationToken)
    {
        MqttApplicationMessage message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        if (_connection is null || !_connection.Limits.IsRetainAvailable)
            throw new EdgeShelfException("The broker keeps no retained messages, and devices that are away would never learn what is wanted.", "Use a broker that keeps them.");
        PublishOutcome outcome = await _connection.PublishAsync(message, cancellationToken);
        if (outcome.Verdict == PublishVerdict.Refused)
            throw new EdgeShelfException($"The broker does not take {topic}: {outcome.Reason}.", $"Allow {options.UserName ?? "this client"} to write this topic in the broker's access list.");
        // The broker sends it back to this subscriber, but the next step must not wait for that.
        View.Take(topic, payload);
    }

    async Task<BrokerConnection> OpenAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await _connector.OpenAsync(withWill: false, message => View.Take(message.Topic, message.Payload.ToArray()), cancellationToken);
            }
            catch (BrokerException problem) when (attempt < Attempts && BrokerConnector.MayHelpToTryAgain(problem))
            {
                // The next attempt uses an older version of MQTT.
            }
        }
    }
}
