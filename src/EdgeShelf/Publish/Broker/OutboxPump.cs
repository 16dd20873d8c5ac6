using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Takes the oldest message from the outbox to the broker and acts on the answer. One is under way at a time, so order
/// holds by itself. Lives longer than a connection: it remembers what was tried before.
/// </summary>
sealed class OutboxPump(DurableOutbox outbox, DeviceTopics topics, StateReporter state, StageProgress progress, TimeProvider clock, ILogger log)
{
    /// <summary>Attempts before a message counts as refused for good though the broker only said "not now".</summary>
    public const int Attempts = 5;

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Fixed header 5, topic length 2, packet identifier 2, property length 4, payload format 2, content type 3 + 16: an upper bound.</summary>
    const int PacketOverhead = 34;

    const string ContentType = "application/json";

    long _triedSeq;
    int _answeredNotNow;
    int _closedDuringIt;
    long _deliveredSeq;
    long? _retryFrom;
    string? _outboxProblem;

    /// <summary>Until a message that was put off is tried again; the longest of times where there is none.</summary>
    public TimeSpan TimeToRetry => _retryFrom is { } from ? RetryAfter - clock.GetElapsedTime(from) : TimeSpan.MaxValue;

    /// <summary>Sends one message, or tidies the outbox a little when none waits. Trouble with the disk is logged once and tried again later; the message stays.</summary>
    /// <returns>False when nothing is to be done, or it is not time yet.</returns>
    /// <exception cref="BrokerException">The connection is over; the message stays.</exception>
    public async Task<bool> SendNextAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        if (_retryFrom is not null && TimeToRetry > TimeSpan.Zero)
            return false;
        _retryFrom = null;
        using IDisposable work = progress.Enter(Stage.Publish);
        try
        {
            bool hasWorked = await SendOldestAsync(connection, cancellationToken) || outbox.GiveSpaceBack();
            _outboxProblem = null;
            return hasWorked;
        }
        catch (OutboxException problem)
        {
            if (_outboxProblem != problem.Message)
                log.OutboxIsOut(problem.Message, problem.Hint);
            _outboxProblem = problem.Message;
            _retryFrom = clock.GetTimestamp();
            return false;
        }
    }

    async Task<bool> SendOldestAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        if (outbox.Peek() is not { } message)
            return false;
        if (message.Seq == _deliveredSeq)
        {
            // The broker has it and the disk would not let it go: only that is tried again.
            outbox.Delivered(message.Seq);
            return true;
        }
        bool isFirst = message.Seq != _triedSeq;
        if (isFirst)
            (_triedSeq, _answeredNotNow, _closedDuringIt) = (message.Seq, 0, 0);

        byte[] payload = isFirst && !message.WaitedLong ? message.Payload : ReplayedFlag.Set(message.Payload);
        string topic = $"{topics.Base}/{message.Topic}";
        long size = PacketOverhead + topic.Length + payload.Length;
        if (connection.MaximumPacketSize is { } most && size > most)
        {
            SetAside(message.Seq, $"it is {size} bytes and the broker takes {most}");
            return true;
        }
        MqttClientPublishResult result = await PublishAsync(connection, message, topic, payload, cancellationToken);
        Act(message, result);
        return true;
    }

    async Task<MqttClientPublishResult> PublishAsync(
        BrokerConnection connection, OutboxMessage message, string topic, byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            MqttApplicationMessageBuilder publish = new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
            // MQTT 3.1.1 has neither, and MQTTnet refuses to leave them out by itself.
            if (connection.Version == MqttProtocolVersion.V500)
                publish.WithContentType(ContentType).WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData);
            return await connection.PublishAsync(publish.Build(), cancellationToken);
        }
        catch (BrokerException problem) when (problem.IsClosedByBroker && ++_closedDuringIt >= Attempts)
        {
            // MQTT 3.1.1 has no way to refuse a message but to hang up, and hanging up on it each time would block all others.
            SetAside(message.Seq, $"the broker closed the connection {_closedDuringIt} times on it");
            throw;
        }
    }

    void Act(OutboxMessage message, MqttClientPublishResult result)
    {
        PublishVerdict verdict = PublishVerdicts.Of(result.ReasonCode);
        if (verdict == PublishVerdict.RetryLater && ++_answeredNotNow >= Attempts)
            verdict = PublishVerdict.Refused;
        switch (verdict)
        {
            case PublishVerdict.RetryLater:
                log.PublishPutOff(message.Seq, result.ReasonCode);
                _retryFrom = clock.GetTimestamp();
                break;
            case PublishVerdict.Refused:
                string why = string.IsNullOrEmpty(result.ReasonString) ? "" : $", {PlainText.Shown(result.ReasonString)}";
                SetAside(message.Seq, $"{result.ReasonCode} (0x{(int)result.ReasonCode:X2}){why}");
                break;
            default:
                if (verdict == PublishVerdict.NobodySubscribed)
                    state.NobodySubscribed();
                _deliveredSeq = message.Seq;
                outbox.Delivered(message.Seq);
                break;
        }
    }

    void SetAside(long seq, string reason)
    {
        log.MessageSetAside(seq, reason);
        outbox.SetAside(seq, reason);
    }
}
