using System.Net;
using System.Text;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>Turns the configuration into what MQTTnet connects with.</summary>
static class BrokerOptions
{
    public static MqttClientOptions Create(PublishOptions options, DeviceTopics topics, BrokerTls tls, MqttProtocolVersion version, TimeSpan limit)
    {
        if (!BrokerAddress.TryParse(options.Broker, out BrokerAddress? address))
            throw new InvalidOperationException($"The broker {options.Broker} passed validation and is no address.");
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(version)
            .WithClientId($"edgeshelf-{options.Device}")
            // Requests that came while we were away are stale: the broker keeps nothing for us.
            .WithCleanStart()
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(limit)
            .WithEndPoint(new DnsEndPoint(address.Host, address.Port))
            .WithStreamProvider(new BrokerStream(address, tls))
            .WithWillTopic(topics.Availability)
            .WithWillPayload("offline")
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        if (options.UserName is { Length: > 0 } user)
            builder.WithCredentials(user, ReadPassword(options.PasswordFile));
        return builder.Build();
    }

    /// <summary>Read at each connect, so that a new password needs no restart.</summary>
    static byte[]? ReadPassword(string? file)
    {
        if (file is not { } path)
            return null;
        try
        {
            return Encoding.UTF8.GetBytes(ServiceDirectories.ReadPassword(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"Publish:PasswordFile {path} cannot be read: {error.Message}", "Let the service's user read it; it is tried again.", error);
        }
    }
}
