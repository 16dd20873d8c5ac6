// A backend that misses nothing and counts nothing twice: results and events of all shelves, into a SQLite table.
//
//   sample-consumer HOST PORT DATABASE [WORKER]     stores them, and prints the changes of slots
//   sample-consumer postgresql HOST PORT CONNECTION [WORKER] [shared|3.1.1]   stores them in PostgreSQL, see scripts/samples/fleet
//   sample-consumer shelf HOST PORT [DEVICE]        prints the retained document of each shelf, or of one, and ends
//
// Start it several times, each with a name of its own for WORKER: they share the work. The exit code is 3 when the broker says that
// another program has connected with the name of this one. Three things make it safe:
// - a persistent session: the broker keeps what comes while a worker is away, and what a worker did not acknowledge;
// - an acknowledgement only after the commit: what a crash interrupts is delivered again;
// - the id as primary key, with the installation that it is from: what is delivered again changes nothing, and two devices
//   that were given one name by mistake do not hide each other's results.
// Workers that share do not keep the order between them. Where order matters, sort by device and seq. mosquitto 2.0.11 forgets a shared
// subscription at its own restart and drops what arrives before a worker has subscribed again.
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using SampleConsumer;

if (args is ["shelf", string shelfHost, string shelfPort, ..] && int.TryParse(shelfPort, CultureInfo.InvariantCulture, out int from))
    return await ShelfReader.PrintAsync(shelfHost, from, args.ElementAtOrDefault(3) ?? "+");
if (args is ["postgresql", string loaderHost, string loaderPort, string connection, ..] && int.TryParse(loaderPort, CultureInfo.InvariantCulture, out int at))
    return await new PostgresLoader(loaderHost, at, connection, args.ElementAtOrDefault(4) ?? "worker-1", args.ElementAtOrDefault(5)).RunAsync(CancellationToken.None);
if (args is not [string host, string portText, string file, ..] || !int.TryParse(portText, CultureInfo.InvariantCulture, out int port))
{
    Console.Error.WriteLine("Usage: sample-consumer HOST PORT DATABASE [WORKER]\n       sample-consumer postgresql HOST PORT CONNECTION [WORKER] [shared|3.1.1]\n       sample-consumer shelf HOST PORT [DEVICE]");
    return 2;
}
string worker = args.ElementAtOrDefault(3) ?? "worker-1";
using SqliteConnection database = new($"Data Source={file};Default Timeout=30");
database.Open();
Execute("PRAGMA journal_mode=WAL");
Execute("CREATE TABLE IF NOT EXISTS message (installation TEXT, id TEXT, device TEXT, seq INTEGER, topic TEXT, worker TEXT, document TEXT, PRIMARY KEY (installation, id))");

MqttClientOptions options = new MqttClientOptionsBuilder()
    .WithTcpServer(host, port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId($"consumer-{worker}")
    .WithCleanStart(false).WithSessionExpiryInterval((uint)TimeSpan.FromDays(7).TotalSeconds).WithReceiveMaximum(20)
    .WithTimeout(TimeSpan.FromSeconds(10)).Build();
MqttClientSubscribeOptions topics = new MqttClientSubscribeOptionsBuilder()
    .WithTopicFilter("$share/backend/edgeshelf/+/result", MqttQualityOfServiceLevel.AtLeastOnce)
    .WithTopicFilter("$share/backend/edgeshelf/+/event", MqttQualityOfServiceLevel.AtLeastOnce).Build();
IMqttClient? client = null;
SessionConflict conflict = new(worker, TimeProvider.System);
using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
do
{
    if (client?.IsConnected != true && !await conflict.MayConnectAsync(CancellationToken.None))
        return SessionConflict.ExitCode;
    using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
    try
    {
        if (client?.IsConnected == true)
        {
            // A broker that hangs keeps its connections open: only an answer says that it lives.
            await client.PingAsync(limit.Token);
            continue;
        }
        // A client for each connection: a message of an earlier one must not be confirmed on the next, where its number may be that of another message.
        client?.Dispose();
        client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += async received =>
        {
            received.AutoAcknowledge = false;
            Store(received.ApplicationMessage.Topic, received.ApplicationMessage.ConvertPayloadToString());
            await received.AcknowledgeAsync(CancellationToken.None);
        };
        conflict.Follow(client);
        await client.ConnectAsync(options, limit.Token);
        await client.SubscribeAsync(topics, limit.Token);
        conflict.Connected();
        Console.WriteLine($"{worker} is connected");
    }
    catch (Exception problem)
    {
        // Whatever it is, the broker keeps our messages, and the next connection brings them.
        Console.Error.WriteLine($"{problem.Message} It is tried again.");
        client?.Dispose();
        client = null;
    }
}
while (await timer.WaitForNextTickAsync());
return 0;

void Store(string topic, string document)
{
    try
    {
        JsonElement json = JsonDocument.Parse(document).RootElement;
        string id = json.GetProperty("id").GetString()!;
        // Devices with older software do not send it.
        string installation = json.TryGetProperty("installation", out JsonElement made) ? made.GetString()! : "";
        int rows = Execute(
            "INSERT OR IGNORE INTO message VALUES ($0, $1, $2, $3, $4, $5, $6)",
            installation, id, json.GetProperty("device").GetString()!, json.GetProperty("seq").GetInt64(), topic, worker, document);
        Console.WriteLine(rows == 1 ? $"{id} stored" : $"{id} known already");
        // Only when it is new: a copy is not a second change.
        if (rows == 1 && SlotText.OfChange(json) is { } change)
            Console.WriteLine(change);
    }
    catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
    {
        Console.Error.WriteLine($"{topic} carries something else: {problem.Message}");
    }
}

int Execute(string sql, params object[] values)
{
    using SqliteCommand command = database.CreateCommand();
    command.CommandText = sql;
    for (int i = 0; i < values.Length; i++)
        command.Parameters.AddWithValue($"${i}", values[i]);
    return command.ExecuteNonQuery();
}
