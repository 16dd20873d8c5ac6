using System.Text.Json;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// What is said over one connection: results and events, hello, state, pictures, responses, goodbye. Each side channel is on trial
/// until the broker has answered something after it: when the broker hangs up in between, it is left out.
/// </summary>
sealed class BrokerSession(
    BrokerConnection connection, PublishOptions options, DeviceTopics topics, ShelfHistory history, StateReporter state, RequestInbox requests,
    OutboxPump pump, CertificateWatch certificates, HomeAssistantDiscovery discovery, BrokerStanding standing, WakeSignal wake, TimeProvider clock)
{
    /// <summary>Changes closer together than this go out as one `…/state`.</summary>
    static readonly TimeSpan StateAtMostEvery = TimeSpan.FromSeconds(1);

    readonly long _beganAt = clock.GetTimestamp();
    readonly HashSet<SideChannel> _taken = [];
    SideChannel? _onTrial;
    long? _stateAt;
    StatusSnapshot? _stateSent;
    long _imageSeq;

    /// <summary>Runs until the connection breaks, which throws.</summary>
    /// <param name="greeted">Called when everything that is said once over a connection has been said, and again when a name conflict has ended.</param>
    /// <exception cref="BrokerException">With what ended it.</exception>
    public async Task RunAsync(Action greeted, CancellationToken cancellationToken)
    {
        certificates.Connected();
        discovery.Connected();
        _imageSeq = Newest?.Result.Seq ?? 0;
        try
        {
            await TakeTurnsAsync(greeted, cancellationToken);
        }
        catch (BrokerException problem) when (_onTrial is { } channel && problem.IsAboutPacket)
        {
            standing.LeaveOut(channel, problem.Message);
            throw new BrokerException(
                $"The broker ended the connection when it was sent `{SideChannels.NameOf(channel)}`. {problem.Message}",
                "Allow it in the broker's access list; until then the device does without it.", problem, isClosedByBroker: true, isExplained: true, leftOut: channel);
        }
    }

    /// <summary>Says `offline` itself, since a clean goodbye silences the last will.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_taken.Contains(SideChannel.Availability))
            await connection.PublishAsync(Retained(topics.Availability, "offline"u8.ToArray()), cancellationToken);
        await connection.DisconnectAsync(cancellationToken);
    }

    async Task TakeTurnsAsync(Action greeted, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopOrLost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Lost);
        bool isGreeted = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connection.ThrowIfLost();
            if (standing.Stands(clock.GetElapsedTime(_beganAt)) && isGreeted)
                greeted();
            // The record first, then one of the others: neither starves, and no other can keep the record from its turn.
            bool hasSent = await pump.SendNextAsync(connection, cancellationToken);
            bool hasSaid = await SayNextAsync(cancellationToken);
            if (!hasSaid && !isGreeted)
            {
                isGreeted = true;
                greeted();
            }
            if (hasSent || hasSaid)
                continue;
            if (TimeToPing <= TimeSpan.Zero)
                await connection.PingAsync(cancellationToken);
            try
            {
                await wake.WaitAsync(Shortest(TimeToState, TimeToPing, pump.TimeToRetry), stopOrLost.Token);
            }
            catch (OperationCanceledException) when (connection.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                connection.ThrowIfLost();
            }
        }
    }

    /// <summary>Subscribes before it says `online`: whoever sees that can send a request.</summary>
    /// <returns>False when there is nothing to say.</returns>
    async Task<bool> SayNextAsync(CancellationToken cancellationToken)
    {
        if (IsDue(SideChannel.Requests))
            return await TryAsync(SideChannel.Requests, () => connection.SubscribeAsync(requests.Topics(connection.Limits.AreWildcardsAvailable), cancellationToken), cancellationToken);
        if (options.HomeAssistant && IsDue(SideChannel.HomeAssistantStatus))
            return await TryAsync(SideChannel.HomeAssistantStatus, () => connection.SubscribeAsync([HomeAssistantDiscovery.BirthTopic], cancellationToken), cancellationToken);
        if (IsDue(SideChannel.Availability))
        {
            // Without a last will `online` would stay for ever.
            if (!connection.HasWill)
                throw new BrokerException("The last will is tried again.", "The connection is built anew with it.", isExplained: true);
            return await TryAsync(SideChannel.Availability, Retained(topics.Availability, "online"u8.ToArray()), cancellationToken);
        }
        if (TimeToState <= TimeSpan.Zero)
            return await PublishStateAsync(cancellationToken);
        if (standing.Allows(SideChannel.Discovery) && discovery.TryTake(out byte[]? announcement))
        {
            await TryAsync(SideChannel.Discovery, Retained(discovery.Topic, announcement), cancellationToken);
            if (_taken.Contains(SideChannel.Discovery))
                discovery.Taken(announcement);
            else
                discovery.Connected();
            return true;
        }
        if (requests.TryTakeResponse(out Response? response))
            return await PublishResponseAsync(response, cancellationToken);
        return await PublishImageAsync(cancellationToken);
    }

    bool IsDue(SideChannel channel) => !_taken.Contains(channel) && standing.Allows(channel);

    Task<bool> TryAsync(SideChannel channel, MqttApplicationMessage message, CancellationToken cancellationToken) =>
        TryAsync(channel, () => connection.PublishAsync(message, cancellationToken), cancellationToken);

    /// <returns>True.</returns>
    async Task<bool> TryAsync(SideChannel channel, Func<Task<PublishOutcome>> send, CancellationToken cancellationToken)
    {
        // What the broker took before on this connection did not end it. Each response topic is another one.
        bool isTrial = channel == SideChannel.ResponseTopic || !_taken.Contains(channel);
        _onTrial = isTrial ? channel : null;
        PublishOutcome outcome = await send();
        // What is put off comes again by itself where the broker took the channel before.
        if (outcome.Verdict == PublishVerdict.Refused || (isTrial && !outcome.IsTaken))
        {
            _taken.Remove(channel);
            standing.LeaveOut(channel, $"The broker does not take it: {outcome.Reason}.");
        }
        else if (isTrial)
        {
            // Some have no answer, and some brokers answer and then hang up: the answer to a ping says that the connection lives on.
            await connection.PingAsync(cancellationToken);
            _taken.Add(channel);
            standing.Taken(channel);
        }
        _onTrial = null;
        return true;
    }

    TimeSpan TimeToState => !standing.Allows(SideChannel.State) ? TimeSpan.MaxValue
        : _stateAt is not { } at ? TimeSpan.Zero
        : (!ReferenceEquals(state.Basis, _stateSent) ? StateAtMostEvery : options.Heartbeat) - clock.GetElapsedTime(at);

    /// <summary>A quiet broker is asked at half a keep-alive; MQTTnet's own pings count from what was sent, not from what was heard.</summary>
    TimeSpan TimeToPing => (connection.Limits.KeepAlive is { } theirs && theirs < options.KeepAlive ? theirs : options.KeepAlive) / 2 - connection.SinceHeard;

    Task<bool> PublishStateAsync(CancellationToken cancellationToken)
    {
        certificates.Check();
        _stateSent = state.Basis;
        _stateAt = clock.GetTimestamp();
        return TryAsync(SideChannel.State, Retained(topics.State, JsonSerializer.SerializeToUtf8Bytes(state.Now(), ResultDocument.Json)), cancellationToken);
    }

    /// <summary>A response topic that the broker does not take is replaced by our own; where it takes neither, the response is dropped.</summary>
    async Task<bool> PublishResponseAsync(Response response, CancellationToken cancellationToken)
    {
        if (response.RequestedTopic is { } requested && standing.Allows(SideChannel.ResponseTopic))
            return await TryAsync(SideChannel.ResponseTopic, response.On(requested), cancellationToken);
        return !standing.Allows(SideChannel.Response) || await TryAsync(SideChannel.Response, response.On(response.OwnTopic), cancellationToken);
    }

    PastResult? Newest => history.OldestFirst is [.., var newest] ? newest : null;

    /// <summary>Only pictures taken during this connection: an old one would look like now.</summary>
    async Task<bool> PublishImageAsync(CancellationToken cancellationToken)
    {
        if (!options.Image || Newest is not { } newest || newest.Result.Seq == _imageSeq)
            return false;
        _imageSeq = newest.Result.Seq;
        if (!standing.Allows(SideChannel.Image))
            return false;
        return await TryAsync(
            SideChannel.Image,
            new MqttApplicationMessageBuilder().WithTopic(topics.Image).WithPayload(newest.Thumbnail).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce).Build(),
            cancellationToken);
    }

    static MqttApplicationMessage Retained(string topic, byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        TimeSpan shortest = TimeSpan.FromSeconds(30);
        foreach (TimeSpan time in times)
            shortest = time < shortest ? time : shortest;
        return shortest;
    }
}
