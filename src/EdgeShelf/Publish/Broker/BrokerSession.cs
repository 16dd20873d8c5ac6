using System.Text.Json;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Sends everything that belongs to one connection: results and events, availability, state, pictures and responses. Each side channel is on
/// trial until the broker has answered to something after it. If the broker closes the connection before that, the side channel is left out.
/// </summary>
sealed class BrokerSession(
    BrokerConnection connection, PublishOptions options, DeviceTopics topics, ShelfHistory history, StateReporter state, ShelfReporter shelf, EvidenceQueue evidence,
    RequestInbox requests, OutboxPump pump, CertificateWatch certificates, HomeAssistantDiscovery discovery, BrokerStanding standing, FleetLink fleet, WakeSignal wake, TimeProvider clock)
{
    /// <summary>The shortest interval between two `…/state` documents. Several changes within it are published together.</summary>
    static readonly TimeSpan StateAtMostEvery = TimeSpan.FromSeconds(1);

    readonly long _beganAt = clock.GetTimestamp();
    readonly HashSet<SideChannel> _taken = [];
    SideChannel? _onTrial;
    long? _stateAt;
    StatusSnapshot? _stateSent;
    long _imageSeq;
    byte[]? _reportSent;
    long _desiredAt;

    /// <summary>It differs between connections, so that devices that came together do not all subscribe again at once.</summary>
    readonly TimeSpan _renewDesiredAfter = FleetLink.RenewAfter * (0.75 + Random.Shared.NextDouble() / 2);

    /// <summary>Runs until the connection breaks, and then throws.</summary>
    /// <param name="greeted">Called when everything that is sent once per connection has been sent, and again when a name conflict has ended.</param>
    /// <exception cref="BrokerException">The connection has ended, for the reason in the message.</exception>
    public async Task RunAsync(Action greeted, CancellationToken cancellationToken)
    {
        certificates.Connected();
        discovery.Connected();
        shelf.Connected();
        evidence.Clear();
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
                "Allow this topic in the broker's access list; until then the device does without it.", problem, isClosedByBroker: true, isExplained: true, leftOut: channel);
        }
    }

    /// <summary>Publishes `offline` and disconnects. After a DISCONNECT the broker does not publish the last will.</summary>
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
            // Send a result or event first, then one of the others, so that neither has to wait for long and no side channel can block the results.
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
                await wake.WaitAsync(Shortest(TimeToState, TimeToShelf, TimeToPing, pump.TimeToRetry), stopOrLost.Token);
            }
            catch (OperationCanceledException) when (connection.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                connection.ThrowIfLost();
            }
        }
    }

    /// <summary>Sends the next message of a side channel. It subscribes before it publishes `online`, because clients that see `online` can send a request.</summary>
    /// <returns>False if there is nothing to send.</returns>
    async Task<bool> SayNextAsync(CancellationToken cancellationToken)
    {
        if (IsDue(SideChannel.Requests))
            return await TryAsync(SideChannel.Requests, () => connection.SubscribeAsync(requests.Topics(connection.Limits.AreWildcardsAvailable), cancellationToken), cancellationToken);
        if (fleet.Topics.Count > 0 && IsDue(SideChannel.Desired))
            return await SubscribeToFleetAsync(cancellationToken);
        if (_taken.Contains(SideChannel.Desired) && clock.GetElapsedTime(_desiredAt) >= _renewDesiredAfter)
            return await TrySubscribeToFleetAsync(cancellationToken);
        if (options.HomeAssistant && IsDue(SideChannel.HomeAssistantStatus))
            return await TryAsync(SideChannel.HomeAssistantStatus, () => connection.SubscribeAsync([HomeAssistantDiscovery.BirthTopic], cancellationToken), cancellationToken);
        if (IsDue(SideChannel.Availability))
        {
            // Without a last will, `online` would stay forever.
            if (!connection.HasWill)
                throw new BrokerException("The last will is tried again.", "The device connects again with it.", isExplained: true);
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
        // After the discovery, so that Home Assistant knows the slots of the document.
        if (TimeToShelf <= TimeSpan.Zero && shelf.TryTake(out byte[]? document))
            return await PublishShelfAsync(document, cancellationToken);
        if (fleet.Report is { } report && !ReferenceEquals(report, _reportSent) && standing.Allows(SideChannel.Reported))
            return await PublishReportAsync(report, cancellationToken);
        if (requests.TryTakeResponse(out Response? response))
            return await PublishResponseAsync(response, cancellationToken);
        return await PublishImageAsync(cancellationToken) || await PublishEvidenceAsync(cancellationToken);
    }

    bool IsDue(SideChannel channel) => !_taken.Contains(channel) && standing.Allows(channel);

    Task<bool> TryAsync(SideChannel channel, MqttApplicationMessage message, CancellationToken cancellationToken) =>
        TryAsync(channel, () => connection.PublishAsync(message, cancellationToken), cancellationToken);

    /// <returns>Always true.</returns>
    async Task<bool> TryAsync(SideChannel channel, Func<Task<PublishOutcome>> send, CancellationToken cancellationToken)
    {
        // A channel that the broker already accepted on this connection is not on trial. Each response topic is a different topic.
        bool isTrial = channel == SideChannel.ResponseTopic || !_taken.Contains(channel);
        _onTrial = isTrial ? channel : null;
        PublishOutcome outcome = await send();
        // A message that the broker accepts later is sent again anyway if the broker accepted the channel before.
        if (outcome.Verdict == PublishVerdict.Refused || (isTrial && !outcome.IsTaken))
        {
            _taken.Remove(channel);
            standing.LeaveOut(channel, $"The broker does not take it: {outcome.Reason}.");
        }
        else if (isTrial)
        {
            // Some messages have no answer, and some brokers answer and then close the connection. The answer to a ping shows that it is still open.
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

    TimeSpan TimeToShelf => standing.Allows(SideChannel.Shelf) ? shelf.TimeToNext : TimeSpan.MaxValue;

    /// <summary>The time until the next ping, which is sent after half a keep-alive without a message from the broker. MQTTnet's own pings depend on what was sent, not on what was received.</summary>
    TimeSpan TimeToPing => (connection.Limits.KeepAlive is { } theirs && theirs < options.KeepAlive ? theirs : options.KeepAlive) / 2 - connection.SinceHeard;

    Task<bool> PublishStateAsync(CancellationToken cancellationToken)
    {
        certificates.Check();
        _stateSent = state.Basis;
        _stateAt = clock.GetTimestamp();
        return TryAsync(SideChannel.State, Retained(topics.State, JsonSerializer.SerializeToUtf8Bytes(state.Now(), PublishJson.Wire.StateDocument)), cancellationToken);
    }

    async Task<bool> PublishShelfAsync(byte[] document, CancellationToken cancellationToken)
    {
        await TryAsync(SideChannel.Shelf, Retained(topics.Shelf, document), cancellationToken);
        if (_taken.Contains(SideChannel.Shelf))
            shelf.Taken();
        else
            shelf.Connected();
        return true;
    }

    async Task<bool> SubscribeToFleetAsync(CancellationToken cancellationToken)
    {
        fleet.Subscribing();
        await TrySubscribeToFleetAsync(cancellationToken);
        if (_taken.Contains(SideChannel.Desired))
            fleet.Subscribed();
        return true;
    }

    /// <summary>On its own it renews the subscription: what the broker retains comes again, and the fleet's work goes on meanwhile.</summary>
    Task<bool> TrySubscribeToFleetAsync(CancellationToken cancellationToken)
    {
        _desiredAt = clock.GetTimestamp();
        return TryAsync(SideChannel.Desired, () => connection.SubscribeAsync(fleet.Topics, cancellationToken, withRetained: true, FleetLink.Qos), cancellationToken);
    }

    async Task<bool> PublishReportAsync(byte[] report, CancellationToken cancellationToken)
    {
        await TryAsync(SideChannel.Reported, Retained(topics.Reported, report), cancellationToken);
        if (_taken.Contains(SideChannel.Reported))
            _reportSent = report;
        return true;
    }

    /// <summary>Publishes a response. If the broker does not accept the response topic of the request, the topic of the device is used; if it accepts neither, the response is dropped.</summary>
    async Task<bool> PublishResponseAsync(Response response, CancellationToken cancellationToken)
    {
        if (response.RequestedTopic is { } requested && standing.Allows(SideChannel.ResponseTopic))
            return await TryAsync(SideChannel.ResponseTopic, response.On(requested), cancellationToken);
        return !standing.Allows(SideChannel.Response) || await TryAsync(SideChannel.Response, response.On(response.OwnTopic), cancellationToken);
    }

    PastResult? Newest => history.OldestFirst is [.., var newest] ? newest : null;

    /// <summary>Publishes only pictures that were taken during this connection, because an old one would look like a current one.</summary>
    async Task<bool> PublishImageAsync(CancellationToken cancellationToken)
    {
        if (!options.Image || Newest is not { } newest || newest.Result.Seq == _imageSeq)
            return false;
        _imageSeq = newest.Result.Seq;
        if (newest.Thumbnail is null || !standing.Allows(SideChannel.Image))
            return false;
        return await TryAsync(SideChannel.Image, Picture(topics.Image, newest.Thumbnail), cancellationToken);
    }

    /// <summary>Publishes the picture of a slot that changed. While the channel is left out, such pictures are dropped.</summary>
    async Task<bool> PublishEvidenceAsync(CancellationToken cancellationToken)
    {
        while (evidence.TryTake(out Evidence? picture))
        {
            if (options.Image && standing.Allows(SideChannel.Evidence))
                return await TryAsync(SideChannel.Evidence, Picture(topics.ImageOf(picture.Slot), picture.Jpeg.ToArray()), cancellationToken);
        }
        return false;
    }

    static MqttApplicationMessage Picture(string topic, byte[] jpeg) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload(jpeg).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce).Build();

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
