using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Npgsql;
using NpgsqlTypes;

namespace SampleConsumer;

/// <summary>
/// Stores the results and events of a whole fleet in PostgreSQL, in batches. A message is confirmed to the broker after its batch is committed, so that
/// none is lost; a message that comes twice is stored once, by its id.
/// </summary>
/// <param name="mode">
/// Null for a subscription of its own: one worker stores everything. <see cref="Older"/> is the same for a broker without MQTT 5, such as NATS. With <see cref="Shared"/>
/// several workers share the load, for brokers that restore shared subscriptions after a restart. mosquitto 2.0.11 does not: it confirms to the devices, and
/// drops, what comes before the workers have subscribed again.
/// </param>
sealed class PostgresLoader(string host, int port, string database, string worker, string? mode)
{
    public const string Shared = "shared", Older = "3.1.1";

    const int LargestBatch = 1000;

    /// <summary>How long a batch waits for more messages.</summary>
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    readonly Channel<MqttApplicationMessageReceivedEventArgs> _arrived = Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>();
    NpgsqlConnection? _connection;

    /// <summary>Runs until the process ends, or until another program takes the session of this worker.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Task storing = StoreAsync(cancellationToken);
        // The receive maximum bounds what waits here.
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer(host, port).WithClientId($"edgeshelf-loader-{worker}").WithTimeout(Limit).WithCleanStart(false);
        options = mode == Older
            ? options.WithProtocolVersion(MqttProtocolVersion.V311)
            : options.WithProtocolVersion(MqttProtocolVersion.V500).WithSessionExpiryInterval((uint)TimeSpan.FromDays(7).TotalSeconds).WithReceiveMaximum(2 * LargestBatch);
        string share = mode == Shared ? "$share/backend/" : "";
        MqttClientSubscribeOptions topics = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter($"{share}edgeshelf/+/result", MqttQualityOfServiceLevel.AtLeastOnce)
            .WithTopicFilter($"{share}edgeshelf/+/event", MqttQualityOfServiceLevel.AtLeastOnce).Build();
        MqttClientFactory factory = new();
        IMqttClient? client = null;
        SessionConflict conflict = new(worker, TimeProvider.System);
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        do
        {
            if (client?.IsConnected != true && !await conflict.MayConnectAsync(cancellationToken))
                return SessionConflict.ExitCode;
            using CancellationTokenSource limit = new(Limit);
            try
            {
                if (client?.IsConnected == true)
                {
                    await client.PingAsync(limit.Token);
                    continue;
                }
                // Each connection has a client of its own. A message that is committed after its connection has ended must not be confirmed on the next
                // one, where the broker may have given its number to another message that is not stored yet.
                client?.Dispose();
                client = factory.CreateMqttClient();
                conflict.Follow(client);
                client.ApplicationMessageReceivedAsync += received =>
                {
                    received.AutoAcknowledge = false;
                    _arrived.Writer.TryWrite(received);
                    return Task.CompletedTask;
                };
                await client.ConnectAsync(options.Build(), limit.Token);
                await client.SubscribeAsync(topics, limit.Token);
                conflict.Connected();
                Console.WriteLine($"{worker} is connected");
            }
            catch (Exception problem)
            {
                // Whatever it is, the broker keeps what is not confirmed, and the next connection brings it.
                Console.Error.WriteLine($"{problem.Message} It is tried again.");
                client?.Dispose();
                client = null;
            }
        }
        while (!storing.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken));
        await storing;
        return 0;
    }

    async Task StoreAsync(CancellationToken cancellationToken)
    {
        List<MqttApplicationMessageReceivedEventArgs> batch = [];
        while (await _arrived.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Linger, TimeProvider.System, cancellationToken);
            while (batch.Count < LargestBatch && _arrived.Reader.TryRead(out MqttApplicationMessageReceivedEventArgs? message))
                batch.Add(message);
            await CommitAsync([.. batch.Select(RowOf).OfType<Row>()], cancellationToken);
            foreach (MqttApplicationMessageReceivedEventArgs message in batch)
                await ConfirmAsync(message, cancellationToken);
            batch.Clear();
        }
    }

    /// <summary>A confirmation that does not reach the broker brings the message again, and it is stored already.</summary>
    static async Task ConfirmAsync(MqttApplicationMessageReceivedEventArgs message, CancellationToken cancellationToken)
    {
        try
        {
            await message.AcknowledgeAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The connection has ended since; the main loop makes a new one.
        }
    }

    async Task CommitAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1);
        while (rows.Count > 0)
        {
            try
            {
                int stored = await InsertAsync(rows, cancellationToken);
                Console.WriteLine($"{stored} stored, {rows.Count - stored} known already");
                return;
            }
            catch (PostgresException problem) when (problem.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                // Class 22 is about data. Anyone who may write on a topic can send it: it is left out, so that it does not block what comes after it.
                if (rows.Count == 1)
                {
                    Console.Error.WriteLine($"{rows[0].Id} cannot be stored: {problem.MessageText}");
                    return;
                }
                foreach (Row row in rows)
                    await CommitAsync([row], cancellationToken);
                return;
            }
            catch (Exception problem) when (problem is NpgsqlException or IOException or TimeoutException)
            {
                Console.Error.WriteLine($"The database does not answer: {problem.Message} Next attempt in {pause.TotalSeconds:0} s.");
                if (_connection is not null)
                    await _connection.DisposeAsync();
                _connection = null;
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Copies the rows into a table of this connection, and from there those that are new.</summary>
    /// <returns>The number of new rows.</returns>
    async Task<int> InsertAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            NpgsqlConnection opened = new(database);
            await opened.OpenAsync(cancellationToken);
            await ExecuteAsync(opened, "CREATE TEMP TABLE incoming (LIKE message INCLUDING DEFAULTS) ON COMMIT DELETE ROWS", cancellationToken);
            _connection = opened;
        }
        await using NpgsqlTransaction transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlBinaryImporter copy = await _connection.BeginBinaryImportAsync("COPY incoming (installation, id, device, seq, kind, at, document) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (Row row in rows)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(row.Installation, NpgsqlDbType.Uuid, cancellationToken);
                await copy.WriteAsync(row.Id, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(row.Device, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(row.Seq, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(row.Kind, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(row.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(row.Document, NpgsqlDbType.Jsonb, cancellationToken);
            }
            await copy.CompleteAsync(cancellationToken);
        }
        int stored = await ExecuteAsync(_connection, "INSERT INTO message SELECT * FROM incoming ON CONFLICT DO NOTHING", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored;
    }

    static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The row of a message, or null for one that is not a document of EdgeShelf.</summary>
    static Row? RowOf(MqttApplicationMessageReceivedEventArgs message)
    {
        (string topic, string text) = (message.ApplicationMessage.Topic, message.ApplicationMessage.ConvertPayloadToString());
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement;
            string kind = topic[(topic.LastIndexOf('/') + 1)..];
            return new Row(
                json.GetProperty("installation").GetGuid(), Text(json, "id"), Text(json, "device"), json.GetProperty("seq").GetInt64(), kind,
                json.GetProperty(kind == "result" ? "captured_at" : "at").GetDateTimeOffset(), text);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{topic} carries something else: {problem.Message}"));
            return null;
        }
    }

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new KeyNotFoundException($"{name} is null.");

    sealed record Row(Guid Installation, string Id, string Device, long Seq, string Kind, DateTimeOffset At, string Document);
}
