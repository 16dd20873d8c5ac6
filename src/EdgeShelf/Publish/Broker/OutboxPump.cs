using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Sends the oldest message of the outbox to the broker and acts on the answer. It sends one message at a time, which keeps
/// them in order. It lives longer than a connection, because it remembers what was tried before.
/// </summary>
sealed class OutboxPump(DurableOutbox outbox, DeviceTopics topics, StateReporter state, StageProgress progress, TimeProvider clock, ILogger log)
{
    /// <summary>The number of attempts after which a message counts as refused for good, even if the broker answered "not now" each time.</summary>
    public const int Attempts = 5;

    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    const string ContentType = "application/json";

    long _triedSeq;
    int _answeredNotNow;
    int _closedDuringIt;
    long _deliveredSeq;
    long? _retryFrom;
    string? _outboxProblem;

    /// <summary>The time until a postponed message is tried again, or <see cref="TimeSpan.MaxValue"/> if there is none.</summary>
    public TimeSpan TimeToRetry => _retryFrom is { } from ? RetryAfter - clock.GetElapsedTime(from) : TimeSpan.MaxValue;

    /// <summary>Sends one message, or cleans up the outbox a little if none waits. A problem with the disk is logged once, the message stays, and it is tried again later.</summary>
    /// <returns>False if there is nothing to do yet.</returns>
    /// <exception cref="BrokerException">The connection has ended; the message stays in the outbox.</exception>
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
            // The broker has the message, but it could not be deleted from the disk. Only the deletion is tried again.
            outbox.Delivered(message.Seq);
            return true;
        }
        bool isFirst = message.Seq != _triedSeq;
        if (isFirst)
            (_triedSeq, _answeredNotNow, _closedDuringIt) = (message.Seq, 0, 0);

        byte[] payload = isFirst && !message.WaitedLong ? message.Payload : ReplayedFlag.Set(message.Payload);
        string topic = $"{topics.Base}/{message.Topic}";
        Act(message, await PublishAsync(connection, message, topic, payload, cancellationToken));
        return true;
    }

    async Task<PublishOutcome> PublishAsync(
        BrokerConnection connection, OutboxMessage message, string topic, byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            MqttApplicationMessageBuilder publish = new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
            // MQTT 3.1.1 has neither property, and MQTTnet throws instead of omitting them.
            if (connection.Version == MqttProtocolVersion.V500)
                publish.WithContentType(ContentType).WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData);
            return await connection.PublishAsync(publish.Build(), cancellationToken);
        }
        catch (BrokerException problem) when (problem.IsClosedByBroker && ++_closedDuringIt > 1)
        {
            // With MQTT 3.1.1 a broker can refuse a message only by closing the connection. If it does so each time, the message would block all others.
            if (_closedDuringIt >= Attempts)
                SetAside(message.Seq, $"the broker closed the connection {_closedDuringIt} times on it");
            throw new BrokerException($"The broker closed the connection {_closedDuringIt} times on message {message.Seq}. {problem.Message}", problem.Hint, problem, isClosedByBroker: true, isExplained: true);
        }
    }

    void Act(OutboxMessage message, PublishOutcome outcome)
    {
        PublishVerdict verdict = outcome.Verdict;
        if (verdict == PublishVerdict.RetryLater && ++_answeredNotNow >= Attempts)
            verdict = PublishVerdict.Refused;
        switch (verdict)
        {
            case PublishVerdict.RetryLater:
                log.PublishPutOff(message.Seq, outcome.Reason);
                _retryFrom = clock.GetTimestamp();
                break;
            case PublishVerdict.Refused:
                SetAside(message.Seq, outcome.Reason);
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
