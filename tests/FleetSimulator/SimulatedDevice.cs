using System.Buffers;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using MQTTnet;
using MQTTnet.Protocol;

namespace FleetSimulator;

/// <summary>
/// One device: pictures on a timer, an outbox, and a connection of its own that is the product's, with its last will, its time limits and its waits
/// between attempts. Faults end the connection without a DISCONNECT, as a cable does that is pulled.
/// </summary>
sealed class SimulatedDevice
{
    readonly SimulationPlan _plan;
    readonly int _index;
    readonly TimeProvider _clock;
    readonly Totals _totals;
    readonly Random _random;
    readonly Faults _faults;
    readonly SimulatedOutbox _outbox;
    readonly SimulatedShelf _shelf;
    readonly SimulatedWishes _wishes;
    readonly BrokerConnector _connector;
    readonly ReconnectBackoff _backoff;
    readonly Lock _gate = new();
    readonly WakeSignal _wanted;
    CancellationTokenSource? _cut;
    long _awayUntil;
    string _boot = Guid.NewGuid().ToString();
    TimeSpan _clockStep;

    /// <param name="options">The broker and the credentials, with the name of this device.</param>
    public SimulatedDevice(SimulationPlan plan, int index, PublishOptions options, TimeProvider clock, Totals totals)
    {
        (_plan, _index, _clock, _totals) = (plan, index, clock, totals);
        Name = options.Device;
        Topics = new DeviceTopics(Name);
        _random = new Random(HashCode.Combine(plan.Seed, index));
        byte[] installation = new byte[16];
        _random.NextBytes(installation);
        _faults = new Faults(plan, index);
        _outbox = new SimulatedOutbox(clock);
        _shelf = new SimulatedShelf(Name, new Guid(installation), _random, _outbox, totals);
        _wishes = new SimulatedWishes(Name, plan.GroupOf(index), new Guid(installation), _shelf);
        _connector = new BrokerConnector(options, new BrokerTls(options, clock), $"edgeshelf-{Name}", new LastWill(Topics.Availability, "offline", IsRetained: true), clock);
        _backoff = new ReconnectBackoff(clock, new Random(index).NextDouble);
        _wanted = new WakeSignal(clock);
    }

    public string Name { get; }

    /// <summary>The number of messages that the device made; they are numbered from 1 without a gap.</summary>
    public long Messages => _outbox.Seq;

    DeviceTopics Topics { get; }

    /// <summary>Takes pictures until the time is up.</summary>
    public async Task TakePicturesAsync(CancellationToken cancellationToken)
    {
        // The first picture is at a time of the device's own, so that a fleet does not beat as one.
        await Task.Delay(_plan.Interval * _random.NextDouble(), _clock, cancellationToken);
        using PeriodicTimer timer = new(_plan.Interval, _clock);
        do
            _shelf.Look(_boot, _clock.GetUtcNow() + _clockStep, isClockSynced: _clockStep == default);
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Suffers faults until the time is up.</summary>
    public async Task SufferAsync(CancellationToken cancellationToken)
    {
        while (_faults.UntilNext() is { } wait)
        {
            await Task.Delay(wait, _clock, cancellationToken);
            Fault fault = _faults.Next();
            _totals.Fault();
            if (fault.Kind == FaultKind.ClockStep)
            {
                _clockStep = fault.Step;
                await Task.Delay(fault.Lasts, _clock, cancellationToken);
                _clockStep = default;
                continue;
            }
            if (fault.Kind == FaultKind.Reboot)
                _boot = Guid.NewGuid().ToString();
            GoAway(fault.Lasts);
        }
    }

    /// <summary>Loses the network for a time.</summary>
    public void GoAway(TimeSpan lasts)
    {
        lock (_gate)
        {
            _awayUntil = Math.Max(_awayUntil, _clock.GetTimestamp() + (long)(lasts.TotalSeconds * _clock.TimestampFrequency));
            _cut?.Cancel();
        }
    }

    /// <summary>Sends what waits, over as many connections as it takes.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan away = _clock.GetElapsedTime(_clock.GetTimestamp(), Volatile.Read(ref _awayUntil));
            if (away > TimeSpan.Zero)
                await Task.Delay(away, _clock, cancellationToken);
            using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            lock (_gate)
                _cut = cut;
            _backoff.Attempting();
            try
            {
                await RunConnectionAsync(cut.Token);
            }
            catch (OperationCanceledException) when (cut.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The network is gone.
                continue;
            }
            catch (BrokerException)
            {
                _connector.StartOver();
                await Task.Delay(_backoff.NextDelay(), _clock, cancellationToken);
            }
            finally
            {
                lock (_gate)
                    _cut = null;
            }
        }
    }

    async Task RunConnectionAsync(CancellationToken cancellationToken)
    {
        await using BrokerConnection connection = await _connector.OpenAsync(withWill: true, Take, cancellationToken);
        _totals.Connect();
        try
        {
            _backoff.Connected();
            await connection.SubscribeAsync([$"{Topics.Base}/desired", $"{DeviceTopics.Root}/_group/{_plan.GroupOf(_index)}/desired"], cancellationToken, withRetained: true, FleetLink.Qos);
            await PublishAsync(connection, Topics.Availability, "online"u8.ToArray(), isRetained: true, cancellationToken);
            await ReportAsync(connection, cancellationToken);
            using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Lost);
            Task[] work = [PumpAsync(connection, lost.Token), ApplyAsync(connection, lost.Token)];
            Task first = await Task.WhenAny(work);
            await lost.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            connection.ThrowIfLost();
            await first;
        }
        finally
        {
            _totals.Disconnect();
        }
    }

    async Task PumpAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            (string topic, byte[] payload, bool isSentAgain) = await _outbox.PeekAsync(cancellationToken);
            if (isSentAgain)
                _totals.SendAgain();
            if (!await PublishAsync(connection, $"{Topics.Base}/{topic}", payload, isRetained: false, cancellationToken))
                throw new BrokerException($"The broker refuses {topic}.", "Allow the topic in the broker's access list.");
            _outbox.Delivered();
            _totals.Confirm();
        }
    }

    async Task ApplyAsync(BrokerConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wanted.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            await ReportAsync(connection, cancellationToken);
            if (!_wishes.IsToApply(TimeOnly.FromDateTime(_clock.GetLocalNow().DateTime)))
                continue;
            await Task.Delay(SimulatedWishes.Takes * (0.5 + _random.NextDouble()), _clock, cancellationToken);
            _wishes.Apply();
            await ReportAsync(connection, cancellationToken);
        }
    }

    Task ReportAsync(BrokerConnection connection, CancellationToken cancellationToken) =>
        PublishAsync(connection, $"{Topics.Base}/reported", _wishes.Report(ProgramVersion.Text, _clock.GetUtcNow()).ToJson(), isRetained: true, cancellationToken);

    void Take(MqttApplicationMessage message)
    {
        if (_wishes.Take(message.Topic == $"{Topics.Base}/desired", message.Payload.ToArray()))
            _wanted.Set();
    }

    static async Task<bool> PublishAsync(BrokerConnection connection, string topic, byte[] payload, bool isRetained, CancellationToken cancellationToken) =>
        (await connection.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(isRetained).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken)).IsTaken;
}
