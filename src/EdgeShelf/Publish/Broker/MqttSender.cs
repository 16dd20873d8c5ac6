using EdgeShelf.Platform;
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
/// Sends the messages of the outbox to the broker, oldest first, one at a time, for as long as the service runs. It also keeps
/// `…/state`, `…/shelf` and `…/availability` up to date and receives requests. It never stops trying to connect.
/// </summary>
sealed class MqttSender(
    IOptions<PublishOptions> options, DurableOutbox outbox, ShelfStatus status, ShelfHistory history, StateReporter state, BayStatus bay, EvidenceQueue evidence,
    RequestHandler handler, StageProgress progress, TimeProvider clock, ILogger<MqttSender> log, FleetLink? fleet = null, PageLocation? page = null) : BackgroundService
{
    /// <summary>The longest time that a stop waits for the last messages to the broker.</summary>
    static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(3);

    readonly PublishOptions _options = options.Value;
    readonly FleetLink _fleet = fleet ?? new FleetLink();
    readonly DeviceTopics _topics = new(options.Value.Device);
    readonly WakeSignal _wake = new(clock);
    readonly BrokerTls _tls = new(options.Value, clock);
    readonly BrokerStanding _standing = new(state, status, outbox, clock, log);
    readonly HomeAssistantDiscovery _discovery = new(options.Value, bay, page);
    readonly ShelfReporter _shelf = new(options.Value, bay, clock, ClockSync.IsSynced);
    readonly ReconnectBackoff _backoff = new(clock, Random.Shared.NextDouble);
    readonly TroubleLog _trouble = new(clock, log);
    readonly RequestLimiter _births = new(clock);
    long? _connectedAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            outbox.Open();
        }
        catch (OutboxException problem)
        {
            // Pictures fail until the disk is repaired. Each use of the outbox tries to open it again, and the log shows the reason.
            log.OutboxIsOut(problem.Message, problem.Hint);
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using RequestInbox requests = new(handler, _topics, _options.ForeignResponseTopics, _wake, clock, log);
        OutboxPump pump = new(outbox, _topics, state, progress, clock, log);
        CertificateWatch certificates = new(_tls, outbox, clock, log);
        BrokerConnector connector = new(_options, _tls, $"edgeshelf-{_options.Device}", new LastWill(_topics.Availability, "offline", IsRetained: true), clock);
        outbox.Appended += _wake.Set;
        status.Changed += _wake.Set;
        bay.Changed += WakeForShelf;
        evidence.Added += _wake.Set;
        _fleet.ReportChanged += _wake.Set;
        try
        {
            // A claim may not publish results, and a result that the broker refuses is given up. The service starts again with credentials of its own.
            if (_fleet.HoldsSender)
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                TimeSpan delay = await ConnectOnceAsync(connector, requests, pump, certificates, stoppingToken);
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
            bay.Changed -= WakeForShelf;
            evidence.Added -= _wake.Set;
            _fleet.ReportChanged -= _wake.Set;
        }
    }

    void WakeForShelf(IReadOnlyList<SlotChange> changes) => _wake.Set();

    /// <summary>Connects and stays until the connection breaks or the service stops.</summary>
    /// <returns>How long to wait before the next attempt.</returns>
    async Task<TimeSpan> ConnectOnceAsync(BrokerConnector connector, RequestInbox requests, OutboxPump pump, CertificateWatch certificates, CancellationToken stoppingToken)
    {
        _backoff.Attempting();
        _connectedAt = null;
        try
        {
            bool withWill = _standing.Allows(SideChannel.Availability);
            await using BrokerConnection connection = await connector.OpenAsync(withWill, message => Accept(message, requests, stoppingToken), stoppingToken);
            _backoff.Connected();
            _connectedAt = clock.GetTimestamp();
            if (withWill && !connection.HasWill)
                _standing.LeaveOut(SideChannel.Availability, "The broker refuses the connection with its last will, and accepts it without.");
            _standing.Connected(connection.Limits);
            BrokerSession session = new(connection, _options, _topics, history, state, _shelf, evidence, requests, pump, certificates, _discovery, _standing, _fleet, _wake, clock);
            try
            {
                await session.RunAsync(() => Greeted(connection), stoppingToken);
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
            BrokerException problem = _connectedAt is { } since ? _standing.Lost(found, clock.GetElapsedTime(since)) : found;
            status.BrokerLost(problem.Message);
            // The next connection does without the channel that ended this one, so there is no reason to wait. The log already has the reason.
            if (problem.LeftOut is not null)
                return ReconnectBackoff.First;
            if (_connectedAt is not null)
                connector.StartOver();
            TimeSpan delay = _backoff.NextDelay();
            // If both devices came back at once, each would take the place of the other again, without an end.
            if (problem.IsSessionTakenOver && delay < ReconnectBackoff.Longest)
                delay = ReconnectBackoff.Longest;
            _trouble.Began(problem, _options.Broker, delay);
            return delay;
        }
        catch (Exception error)
        {
            // Catch everything: the next connection starts from the beginning, and an unexpected problem must not stop the service.
            status.BrokerLost(error.Message);
            log.SenderFailed(error);
            return _backoff.NextDelay();
        }
    }

    void Greeted(BrokerConnection connection)
    {
        if (!status.Now.BrokerConnected)
            status.BrokerConnected();
        // While two devices take the connection from each other, each connection would add a line to the log.
        if (!_standing.HasNameConflict)
            _trouble.Ended(_options.Broker, connection.Version);
    }

    void Accept(MqttApplicationMessage message, RequestInbox requests, CancellationToken cancellationToken)
    {
        if (_fleet.TryAccept(message))
            return;
        if (message.Topic != HomeAssistantDiscovery.BirthTopic)
            requests.Accept(message, cancellationToken);
        // Each birth is answered with an announcement, so a flood of them is limited like one of requests.
        else if (_births.TryEnter() && _discovery.IsBirth(message))
            _wake.Set();
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
            // Ignore it, because the broker then publishes the last will.
        }
    }
}
