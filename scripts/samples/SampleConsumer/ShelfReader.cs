using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace SampleConsumer;

/// <summary>Reads what each shelf retains. A broker sends retained messages right after the subscription; when no more come, that was all.</summary>
static class ShelfReader
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <param name="device">The name of a device, or `+` for all.</param>
    /// <returns>The exit code: 1 if there is no such shelf.</returns>
    public static async Task<int> PrintAsync(string host, int port, string device)
    {
        BlockingCollection<string> documents = [];
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += received =>
        {
            if (received.ApplicationMessage.Retain && received.ApplicationMessage.Payload.Length > 0)
                documents.Add(received.ApplicationMessage.ConvertPayloadToString());
            return Task.CompletedTask;
        };
        using CancellationTokenSource limit = new(Limit);
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer(host, port).WithProtocolVersion(MqttProtocolVersion.V500).Build(), limit.Token);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter($"edgeshelf/{device}/shelf", MqttQualityOfServiceLevel.AtLeastOnce).Build(), limit.Token);
        int found = 0;
        while (documents.TryTake(out string? document, Quiet))
        {
            found++;
            foreach (string line in SlotText.OfShelf(JsonDocument.Parse(document).RootElement))
                Console.WriteLine(line);
        }
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
        if (found > 0)
            return 0;
        Console.Error.WriteLine("No shelf with slots is retained at this broker. Check the name of the device, and whether it has slots.");
        return 1;
    }
}
