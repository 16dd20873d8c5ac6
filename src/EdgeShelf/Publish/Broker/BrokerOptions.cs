using System.Net;
using System.Text;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>What the broker publishes when the connection ends without a goodbye.</summary>
sealed record LastWill(string Topic, string Payload, bool IsRetained);

/// <summary>Turns the configuration into what MQTTnet connects with.</summary>
static class BrokerOptions
{
    public static MqttClientOptions Create(PublishOptions options, string clientId, LastWill? will, BrokerTls tls, MqttProtocolVersion version, TimeSpan limit)
    {
        if (!BrokerAddress.TryParse(options.Broker, out BrokerAddress? address))
            throw new InvalidOperationException($"The broker {options.Broker} passed validation and is no address.");
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(version)
            .WithClientId(clientId)
            // Requests that came while we were away are stale: the broker keeps nothing for us.
            .WithCleanStart()
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(limit)
            .WithEndPoint(new DnsEndPoint(address.Host, address.Port))
            .WithStreamProvider(new BrokerStream(address, tls));
        if (will is not null)
            builder.WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillRetain(will.IsRetained).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
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
