using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Brings what the outbox holds to the broker, oldest first, one at a time, for as long as the service runs; keeps
/// `…/state` and `…/availability` true; lets requests in. It connects again for ever.
/// </summary>
sealed class MqttSender(
    IOptions<PublishOptions> options, DurableOutbox outbox, ShelfStatus status, ShelfHistory history, StateReporter state, RequestHandler handler,
    StageProgress progress, TimeProvider clock, ILogger<MqttSender> log) : BackgroundService
{
    /// <summary>A stop waits no longer for the last word to the broker.</summary>
    static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(3);

    /// <summary>So many connections in a row that the broker ended soon after it accepted them are no accident.</summary>
    const int ShortLivedIsAPattern = 3;

    readonly PublishOptions _options = options.Value;
    readonly DeviceTopics _topics = new(options.Value.Device);
    readonly WakeSignal _wake = new(clock);
    readonly BrokerTls _tls = new(options.Value, clock);
    readonly HomeAssistantDiscovery _discovery = new(options.Value);
    readonly ReconnectBackoff _backoff = new(clock, Random.Shared.NextDouble);
    readonly TroubleLog _trouble = new(clock, log);
    readonly ProtocolVersionChoice _version = new();
    int _shortLived;
    long? _connectedAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            outbox.Open();
        }
        catch (OutboxException problem)
        {
            // Pictures fail until the disk is mended; each use tries again, and people can see why.
            log.OutboxIsOut(problem.Message, problem.Hint);
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        RequestInbox requests = new(handler, _topics, _wake, log);
        OutboxPump pump = new(outbox, _topics, state, progress, clock, log);
        CertificateWatch certificates = new(_tls, outbox, clock, log);
        outbox.Appended += _wake.Set;
        status.Changed += _wake.Set;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                TimeSpan delay = await ConnectOnceAsync(requests, pump, certificates, stoppingToken);
                await Task.Delay(delay, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            outbox.Appended -= _wake.Set;
            status.Changed -= _wake.Set;
        }
    }

    /// <summary>Connects and stays until the connection breaks or the service stops.</summary>
    /// <returns>How long to wait before the next attempt.</returns>
    async Task<TimeSpan> ConnectOnceAsync(RequestInbox requests, OutboxPump pump, CertificateWatch certificates, CancellationToken stoppingToken)
    {
        _backoff.Attempting();
        _connectedAt = null;
        try
        {
            MqttClientOptions connect = BrokerOptions.Create(_options, _topics, _tls, _version.Next, CallLimit);
            TimeSpan limit = CallLimit < ConnectLimit ? CallLimit : ConnectLimit;
            await using BrokerConnection connection = await BrokerConnection.OpenAsync(
                connect, limit, message => Accept(message, requests, stoppingToken), clock, stoppingToken);
            if (_version.IsDoubtful)
            {
                await connection.DisconnectAsync(stoppingToken);
                _version.AskAgain();
                return TimeSpan.Zero;
            }
            _backoff.Connected();
            _connectedAt = clock.GetTimestamp();
            BrokerSession session = new(connection, _options, _topics, history, state, requests, pump, certificates, _discovery, _wake, clock, log);
            await session.BeginAsync(stoppingToken);
            status.BrokerConnected();
            if (_shortLived < ShortLivedIsAPattern)
                _trouble.Ended(_options.Broker, connection.Version);
            try
            {
                await session.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await SayGoodbyeAsync(session);
            }
            return TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (BrokerException found)
        {
            BrokerException problem = WithPattern(found);
            status.BrokerLost(problem.Message);
            if (_connectedAt is null)
                _version.Failed(problem);
            else
                _version.StartOver();
            TimeSpan delay = _backoff.NextDelay();
            // Whoever comes back at once takes the other's place again, and so on for ever.
            if (problem.IsSessionTakenOver && delay < ReconnectBackoff.Longest)
                delay = ReconnectBackoff.Longest;
            _trouble.Began(problem, _options.Broker, delay);
            return delay;
        }
        catch (Exception error)
        {
            // The edge of the loop: whatever it was, the next connection starts from nothing, and the service must go on.
            status.BrokerLost(error.Message);
            log.SenderFailed(error);
            return _backoff.NextDelay();
        }
    }

    /// <summary>
    /// MQTT 3.1.1, and some brokers with 5, take a session over without saying so: what is left to see is that connections
    /// come about and are ended from the other side, one after the other.
    /// </summary>
    BrokerException WithPattern(BrokerException problem)
    {
        bool isShort = problem.IsClosedByBroker && _connectedAt is { } since && clock.GetElapsedTime(since) < ReconnectBackoff.Lasting;
        _shortLived = isShort ? _shortLived + 1 : _connectedAt is null ? _shortLived : 0;
        return _shortLived < ShortLivedIsAPattern ? problem : new BrokerException(
            $"The broker accepts this device and soon closes the connection, {ShortLivedIsAPattern} times in a row or more.",
            "Probably another device has the same name: give each its own in Publish:Device.", problem, isSessionTakenOver: true, isClosedByBroker: true);
    }

    /// <summary>The time for one answer: half a keep-alive, so that ping and answer together stay below 1.5.</summary>
    TimeSpan CallLimit => _options.KeepAlive / 2 < TimeSpan.FromSeconds(30) ? _options.KeepAlive / 2 : TimeSpan.FromSeconds(30);

    /// <summary>Shorter, so that an attempt into nothing and the wait after it stay below 35 s together.</summary>
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    void Accept(MqttApplicationMessage message, RequestInbox requests, CancellationToken cancellationToken)
    {
        if (_discovery.IsBirth(message))
            _wake.Set();
        else
            requests.Accept(message, cancellationToken);
    }

    async Task SayGoodbyeAsync(BrokerSession session)
    {
        using CancellationTokenSource limit = new(GoodbyeLimit, clock);
        try
        {
            await session.EndAsync(limit.Token);
        }
        catch (Exception error) when (error is BrokerException or OperationCanceledException)
        {
            // The last will says it instead.
        }
    }
}
