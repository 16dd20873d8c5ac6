using System.Net;
using System.Net.Sockets;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Doctor;

/// <summary>
/// Goes the sender's way step by step: name, connection, TLS and log-in, publish. Under a client id of its own, so that the
/// running service keeps its session.
/// </summary>
sealed class BrokerCheck(PublishOptions options, TimeProvider clock) : DoctorCheck
{
    static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);

    public override string Name => "broker";

    public override async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        if (!BrokerAddress.TryParse(options.Broker, out BrokerAddress? address))
            return Finding.Fault($"Publish:Broker is {options.Broker}", $"Allowed are {BrokerAddress.Allowed}.");
        if (options is { UserName: not null, PasswordFile: null } && ServiceDirectories.IsPasswordClosed)
            return Finding.Warning($"not asked: this user may not read {ServiceDirectories.InstalledPassword}", "Run `sudo edgeshelf doctor`.");
        try
        {
            await Dns.GetHostAddressesAsync(address.Host, cancellationToken).WaitAsync(StepLimit, clock, cancellationToken);
        }
        catch (Exception problem) when (problem is SocketException or TimeoutException)
        {
            return Finding.Fault($"the name {address.Host} is not known here: {problem.Message}", "Correct Publish:Broker, or the board's DNS server.");
        }

        DeviceTopics topics = new(options.Device);
        MqttClientOptions client = BrokerOptions.Create(options, topics, new BrokerTls(options, clock), MqttProtocolVersion.V500, StepLimit);
        client.ClientId = $"edgeshelf-{options.Device}-doctor";
        // The last will says that the device is offline, and the doctor is not the device.
        client.WillTopic = null;
        await using BrokerConnection connection = await BrokerConnection.OpenAsync(client, StepLimit, _ => { }, clock, cancellationToken);
        string topic = $"{topics.Base}/doctor";
        MqttClientPublishResult published = await connection.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload("{}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken);
        await connection.DisconnectAsync(cancellationToken);
        return (int)published.ReasonCode >= 0x80
            ? Finding.Fault($"{address} lets us in and refuses to publish on {topic}: {published.ReasonCode}", $"Allow {options.UserName ?? "this client"} to write {topics.Base}/# in the broker's access list.")
            : Finding.Fine($"{address} lets us in{(address.UsesTls ? " over TLS" : "")} and takes what is published on {topics.Base}");
    }
}
