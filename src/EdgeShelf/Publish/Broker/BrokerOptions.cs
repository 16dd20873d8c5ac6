using System.Net;
using System.Text;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeShelf.Publish.Broker;

/// <summary>The message that the broker publishes when the connection ends without a DISCONNECT.</summary>
sealed record LastWill(string Topic, string Payload, bool IsRetained);

/// <summary>Converts the configuration to the options of MQTTnet.</summary>
static class BrokerOptions
{
    public static MqttClientOptions Create(PublishOptions options, string clientId, LastWill? will, BrokerTls tls, MqttProtocolVersion version, TimeSpan limit)
    {
        if (!BrokerAddress.TryParse(options.Broker, out BrokerAddress? address))
            throw new InvalidOperationException($"The broker {options.Broker} passed validation, but is not an address.");
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(version)
            .WithClientId(clientId)
            // Requests that arrived while the device was not connected are out of date, so the broker must not keep them.
            .WithCleanStart()
            .WithKeepAlivePeriod(options.KeepAlive)
            .WithTimeout(limit)
            .WithEndPoint(new DnsEndPoint(address.Host, address.Port))
            .WithStreamProvider(new BrokerStream(address, tls));
        // Older versions have no announcement, so PacketLimit enforces the maximum in any case.
        if (version == MqttProtocolVersion.V500)
            builder.WithMaximumPacketSize(PacketLimit.MaxBytes).WithReceiveMaximum(PacketLimit.MaxUnconfirmed);
        if (will is not null)
            builder.WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillRetain(will.IsRetained).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (options.UserName is { Length: > 0 } user)
            builder.WithCredentials(user, ReadPassword(options.PasswordFile));
        return builder.Build();
    }

    /// <summary>Reads the password. This happens at each connect, so that a new password does not need a restart.</summary>
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
            throw new BrokerException($"Publish:PasswordFile {path} cannot be read: {error.Message}.", "Let the service's user read the file; the connection is tried again.", error);
        }
    }
}
