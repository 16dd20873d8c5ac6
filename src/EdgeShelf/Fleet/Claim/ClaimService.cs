using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeShelf.Fleet.Claim;

/// <summary>
/// Asks for credentials of the device's own with those of the claim, which allow nothing else. Results wait in the outbox until then. What was
/// issued takes effect at a start, so the service ends and systemd starts it again.
/// </summary>
/// <param name="claim">The broker and the credentials of the claim.</param>
/// <param name="installation">The identity of the installation, or null while it cannot be read.</param>
/// <param name="restart">Ends the service, so that systemd starts it again.</param>
sealed class ClaimService(PublishOptions claim, OwnCredentials own, Func<Guid?> installation, ShelfStatus status, Action restart, TimeProvider clock, ILogger<ClaimService> log) : BackgroundService
{
    /// <summary>How long an answer is waited for before the device asks again on the same connection.</summary>
    static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(30);

    /// <summary>How long a device waits after a refusal, which only a person changes.</summary>
    static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(5);

    readonly ReconnectBackoff _backoff = new(clock, Random.Shared.NextDouble);
    string? _said;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _backoff.Attempting();
                using RSA key = own.Key();
                ClaimAnswer answer = await AskAsync(installation() ?? throw new IOException("the identity of the installation cannot be read"), key, stoppingToken);
                own.Keep(answer, claim);
                log.Claimed(answer.Device);
                restart();
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // All kinds: pictures go on without a broker, and the next attempt may do better.
                TimeSpan delay = problem is FleetException ? RefusedFor : _backoff.NextDelay();
                status.BrokerLost(problem.Message);
                if (_said != problem.Message)
                    log.NotClaimed(problem.Message, problem is EdgeShelfException known ? known.Hint : "The device asks again.");
                _said = problem.Message;
                try
                {
                    await Task.Delay(delay, clock, stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <exception cref="EdgeShelfException">The broker cannot be reached, or the issuer refused.</exception>
    async Task<ClaimAnswer> AskAsync(Guid id, RSA key, CancellationToken cancellationToken)
    {
        string answers = DeviceTopics.ClaimAnswer(id);
        Channel<byte[]> arrived = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        BrokerConnector connector = new(claim, new BrokerTls(claim, clock), $"edgeshelf-claim-{id:N}", new LastWill(answers, "", IsRetained: false), clock);
        await using BrokerConnection connection = await connector.OpenAsync(withWill: false, message => Accept(message, answers, arrived.Writer), cancellationToken);
        _backoff.Connected();
        PublishOutcome subscribed = await connection.SubscribeAsync([answers], cancellationToken);
        if (!subscribed.IsTaken)
            throw new FleetException(FleetException.NotIssued, $"The broker does not let this claim read {answers}: {subscribed.Reason}.", "Check the role of the claim at the broker. The device asks again.");
        byte[] request = RequestOf(key);
        while (true)
        {
            PublishOutcome asked = await connection.PublishAsync(MessageOf(id, request), cancellationToken);
            if (asked.Verdict == PublishVerdict.Refused)
                throw new FleetException(FleetException.NotIssued, $"The broker does not take the request of this claim: {asked.Reason}.", "Check the role of the claim at the broker. The device asks again.");
            using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Lost);
            using CancellationTokenSource limit = new(AskEvery, clock);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, limit.Token);
            try
            {
                return ClaimAnswer.Read(await arrived.Reader.ReadAsync(either.Token), key);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                connection.ThrowIfLost();
            }
        }
    }

    static void Accept(MqttApplicationMessage message, string answers, ChannelWriter<byte[]> arrived)
    {
        if (message.Topic == answers)
            arrived.TryWrite(message.Payload.ToArray());
    }

    byte[] RequestOf(RSA key)
    {
        BoardIdentity board = BoardIdentity.Read();
        return JsonSerializer.SerializeToUtf8Bytes(
            new ClaimRequest(1, board.Serial, board.Mac, claim.Device, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())), FleetJson.Wire.ClaimRequest);
    }

    static MqttApplicationMessage MessageOf(Guid id, byte[] request) =>
        new MqttApplicationMessageBuilder().WithTopic(DeviceTopics.ClaimRequest(id)).WithPayload(request).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
}
