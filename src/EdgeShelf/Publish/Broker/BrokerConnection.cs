using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// One connection to the broker, from CONNECT until it breaks. MQTTnet can stay "connected" to a broker that answers
/// nothing, so every call has a time limit here, and the first that runs out ends the connection: the client is disposed
/// without DISCONNECT, which leaves the last will in force.
/// </summary>
sealed class BrokerConnection : IAsyncDisposable
{
    static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ReasonLimit = TimeSpan.FromSeconds(1);

    readonly IMqttClient _client;
    readonly TimeProvider _clock;
    readonly TimeSpan _limit;
    readonly CancellationTokenSource _lost = new();
    BrokerException? _lostBecause;
    bool _isOpen;
    long _heardAt;

    BrokerConnection(IMqttClient client, TimeSpan limit, TimeProvider clock)
    {
        (_client, _limit, _clock) = (client, limit, clock);
        _heardAt = clock.GetTimestamp();
        client.DisconnectedAsync += OnDisconnected;
    }

    /// <summary>The limits that the broker announced. Only this type applies them to what is published.</summary>
    public BrokerLimits Limits { get; private set; } = new();

    /// <summary>Whether the broker accepted the last will.</summary>
    public bool HasWill { get; private set; }

    public MqttProtocolVersion Version { get; private set; }

    /// <summary>A token that is canceled when the connection has ended.</summary>
    public CancellationToken Lost => _lost.Token;

    public TimeSpan SinceHeard => _clock.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <param name="limit">The time limit of each call to the broker.</param>
    /// <param name="onMessage">Called for each message that arrives. It must only queue the message.</param>
    /// <exception cref="BrokerException">The connection could not be made.</exception>
    public static async Task<BrokerConnection> OpenAsync(
        MqttClientOptions options, TimeSpan limit, Action<MqttApplicationMessage> onMessage, TimeProvider clock, CancellationToken cancellationToken)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        BrokerConnection connection = new(client, limit, clock);
        client.ApplicationMessageReceivedAsync += received =>
        {
            connection.Heard();
            onMessage(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        try
        {
            MqttClientConnectResult result = await connection.CallAsync(token => client.ConnectAsync(options, token), "CONNECT", cancellationToken);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
                throw BrokerProblems.Refused(result);
            connection.Limits = BrokerLimits.Of(result, options.ProtocolVersion);
            if (connection.Limits.MaximumQos == MqttQualityOfServiceLevel.AtMostOnce)
                throw BrokerProblems.NoConfirmation();
            connection.HasWill = options.WillTopic is not null;
            connection.Version = options.ProtocolVersion;
            connection._isOpen = true;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes a message if the limits of the broker allow it. If the broker does not keep retained messages, the message is sent without the flag.</summary>
    /// <exception cref="BrokerException">The broker did not answer in time, or the connection broke. It is not known whether the message arrived.</exception>
    public async Task<PublishOutcome> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        if (Limits.ProblemOf(message) is { } problem)
            return new PublishOutcome(PublishVerdict.Refused, problem);
        message.Retain &= Limits.IsRetainAvailable;
        MqttClientPublishResult result = await CallAsync(
            token => _client.PublishAsync(message, token), "PUBLISH", cancellationToken, isAnswered: message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce);
        return PublishVerdicts.Of(result);
    }

    /// <summary>Subscribes to topics that belong together. If the broker refuses one of them, all count as refused.</summary>
    /// <param name="withRetained">Whether the broker sends the retained messages of the topics now.</param>
    /// <param name="qos">At most once for thousands of retained messages: a broker bounds how many wait for a confirmation, and drops the others.</param>
    /// <exception cref="BrokerException">The broker did not answer in time, or the connection broke.</exception>
    public async Task<PublishOutcome> SubscribeAsync(
        IEnumerable<string> topics, CancellationToken cancellationToken, bool withRetained = false, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce)
    {
        MqttClientSubscribeOptionsBuilder options = new();
        foreach (string topic in topics)
        {
            MqttTopicFilterBuilder filter = new MqttTopicFilterBuilder().WithTopic(topic).WithQualityOfServiceLevel(qos);
            if (Version == MqttProtocolVersion.V500 && !withRetained)
                filter.WithRetainHandling(MqttRetainHandling.DoNotSendOnSubscribe);
            options.WithTopicFilter(filter);
        }
        MqttClientSubscribeResult result = await CallAsync(token => _client.SubscribeAsync(options.Build(), token), "SUBSCRIBE", cancellationToken);
        MqttClientSubscribeResultItem? refused = result.Items.FirstOrDefault(item => item.ResultCode >= MqttClientSubscribeResultCode.UnspecifiedError);
        return refused is null ? default : new PublishOutcome(PublishVerdict.Refused, $"{refused.ResultCode} (0x{(int)refused.ResultCode:X2})");
    }

    /// <exception cref="BrokerException">The broker did not answer in time, or the connection broke.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => CallAsync(
        async token =>
        {
            await _client.PingAsync(token);
            return true;
        }, "PINGREQ", cancellationToken);

    /// <summary>Sends a DISCONNECT, after which the broker discards the last will.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken) => await CallAsync(
        async token =>
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), token);
            return true;
        }, "DISCONNECT", cancellationToken);

    /// <exception cref="BrokerException">The connection has ended, for the reason in the message.</exception>
    public void ThrowIfLost()
    {
        if (_lost.IsCancellationRequested)
            throw _lostBecause ?? BrokerProblems.Closed(null);
    }

    /// <summary>Closes the socket at once, without a DISCONNECT.</summary>
    public async ValueTask DisposeAsync()
    {
        _client.DisconnectedAsync -= OnDisconnected;
        try
        {
            // Use a time limit: closing can wait for a peer that no longer accepts data.
            await Task.Run(_client.Dispose).WaitAsync(DisposeLimit, _clock);
        }
        catch (Exception error) when (error is TimeoutException or ObjectDisposedException or IOException or MqttCommunicationException)
        {
            // Ignore it, because the connection is abandoned in any case.
        }
    }

    async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, string packet, CancellationToken cancellationToken, bool isAnswered = true)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // MQTTnet throws from the call itself, and not from its task, if the connection has just ended.
        Task<T> answer = Task.FromCanceled<T>(new CancellationToken(canceled: true));
        try
        {
            answer = call(ended.Token);
            // Do not rely on the token alone: a call that ignores it must not block the sender.
            T result = await answer.WaitAsync(_limit, _clock, cancellationToken);
            if (isAnswered)
                Heard();
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Forget(answer);
            throw;
        }
        catch (TimeoutException)
        {
            await ended.CancelAsync();
            Forget(answer);
            throw new BrokerException(
                $"The broker does not answer: no reply to {packet} within {_limit.TotalSeconds:0.#} s.",
                "The device connects again; results wait in the outbox.");
        }
        catch (Exception error) when (error is not BrokerException)
        {
            // Catch everything: MQTTnet throws exceptions of sockets, of TLS and its own here, and each means that the connection has ended.
            // The event of MQTTnet comes a little later and may contain the reason that the broker gave.
            if (_isOpen)
                await WaitForReasonAsync();
            throw _lostBecause ?? BrokerProblems.From(error);
        }
    }

    async Task WaitForReasonAsync()
    {
        using CancellationTokenSource limit = new(ReasonLimit, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _lost.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    static void Forget(Task task) => _ = task.ContinueWith(
        done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    void Heard() => Interlocked.Exchange(ref _heardAt, _clock.GetTimestamp());

    Task OnDisconnected(MqttClientDisconnectedEventArgs ended)
    {
        // Do not use ended.ClientWasConnected: it is false if the broker's DISCONNECT came first.
        if (_isOpen)
            _lostBecause ??= BrokerProblems.Closed(ended);
        return _lost.CancelAsync();
    }
}
