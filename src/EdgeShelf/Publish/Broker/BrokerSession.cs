using System.Text.Json;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>What is said over one connection: hello, results and events, state, pictures, responses, goodbye.</summary>
sealed class BrokerSession(
    BrokerConnection connection, PublishOptions options, DeviceTopics topics, ShelfHistory history, StateReporter state, RequestInbox requests,
    OutboxPump pump, CertificateWatch certificates, HomeAssistantDiscovery discovery, WakeSignal wake, TimeProvider clock, ILogger log)
{
    /// <summary>Changes closer together than this go out as one `…/state`.</summary>
    static readonly TimeSpan StateAtMostEvery = TimeSpan.FromSeconds(1);

    long _stateAt;
    StatusSnapshot? _stateSent;
    long _imageSeq;

    /// <summary>Subscribes, then says `online`: whoever sees that can send a request.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        certificates.Connected();
        _imageSeq = Newest?.Result.Seq ?? 0;
        await SubscribeAsync(topics.Requests, cancellationToken);
        if (options.HomeAssistant)
            await SubscribeAsync(HomeAssistantDiscovery.BirthTopic, cancellationToken);
        await PublishRetainedAsync(topics.Availability, "online"u8.ToArray(), cancellationToken);
        await PublishStateAsync(cancellationToken);
        discovery.Connected();
    }

    /// <summary>Runs until the connection breaks, which throws.</summary>
    /// <exception cref="BrokerException">With what ended it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopOrLost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Lost);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connection.ThrowIfLost();
            // One of each kind in turn, so that none starves the others.
            bool sentResponse = requests.TryTakeResponse(out MqttApplicationMessage? response);
            if (response is not null)
                await connection.PublishAsync(response, cancellationToken);
            if (TimeToState <= TimeSpan.Zero)
                await PublishStateAsync(cancellationToken);
            if (discovery.TryTake(out byte[]? announcement))
                await PublishRetainedAsync(discovery.Topic, announcement, cancellationToken);
            await PublishImageAsync(cancellationToken);
            if (await pump.SendNextAsync(connection, cancellationToken) || sentResponse)
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

    /// <summary>Says `offline` itself, since a clean goodbye silences the last will.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await PublishRetainedAsync(topics.Availability, "offline"u8.ToArray(), cancellationToken);
        await connection.DisconnectAsync(cancellationToken);
    }

    async Task SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        MqttTopicFilterBuilder filter = new MqttTopicFilterBuilder().WithTopic(topic).WithAtLeastOnceQoS();
        if (connection.Version == MqttProtocolVersion.V500)
            filter.WithRetainHandling(MqttRetainHandling.DoNotSendOnSubscribe);
        MqttClientSubscribeResult result = await connection.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter).Build(), cancellationToken);
        MqttClientSubscribeResultCode code = result.Items.Single().ResultCode;
        if (code >= MqttClientSubscribeResultCode.UnspecifiedError)
            log.SubscribeRefused(topic, code);
    }

    TimeSpan TimeToState
    {
        get
        {
            TimeSpan since = clock.GetElapsedTime(_stateAt);
            return (!ReferenceEquals(state.Basis, _stateSent) ? StateAtMostEvery : options.Heartbeat) - since;
        }
    }

    /// <summary>A quiet broker is asked at half a keep-alive; MQTTnet's own pings count from what was sent, not from what was heard.</summary>
    TimeSpan TimeToPing => options.KeepAlive / 2 - connection.SinceHeard;

    async Task PublishStateAsync(CancellationToken cancellationToken)
    {
        certificates.Check();
        _stateSent = state.Basis;
        _stateAt = clock.GetTimestamp();
        await PublishRetainedAsync(topics.State, JsonSerializer.SerializeToUtf8Bytes(state.Now(), ResultDocument.Json), cancellationToken);
    }

    PastResult? Newest => history.OldestFirst is [.., var newest] ? newest : null;

    /// <summary>Only pictures taken during this connection: an old one would look like now.</summary>
    async Task PublishImageAsync(CancellationToken cancellationToken)
    {
        if (!options.Image || Newest is not { } newest || newest.Result.Seq == _imageSeq)
            return;
        _imageSeq = newest.Result.Seq;
        await connection.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topics.Image).WithPayload(newest.Thumbnail)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce).Build(), cancellationToken);
    }

    async Task PublishRetainedAsync(string topic, byte[] payload, CancellationToken cancellationToken)
    {
        MqttClientPublishResult result = await connection.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag()
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken);
        if (PublishVerdicts.Of(result.ReasonCode) >= PublishVerdict.RetryLater)
            log.PublishRefused(topic, result.ReasonCode);
    }

    static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        TimeSpan shortest = TimeSpan.FromSeconds(30);
        foreach (TimeSpan time in times)
            shortest = time < shortest ? time : shortest;
        return shortest;
    }
}
