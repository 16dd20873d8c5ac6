using System.Net.Sockets;
using System.Security.Authentication;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeShelf.Publish.Broker;

/// <summary>Describes for people why there is no connection.</summary>
static class BrokerProblems
{
    const string Twins = "Two devices have the same name: give each its own in Publish:Device.";
    const string Anew = "The device connects again; results wait in the outbox.";
    const string ConfirmationNeeded = "Results need QoS 1, at which the broker confirms each one: use a broker that supports it. Until then results wait in the outbox.";

    public static BrokerException Refused(MqttClientConnectResult result)
    {
        MqttClientConnectResultCode code = InVersion5(result.ResultCode);
        return new BrokerException(
            $"The broker refuses the connection: {code} (0x{(int)result.ResultCode:X2}){Reason(result.ReasonString)}.",
            code switch
            {
                _ when !string.IsNullOrEmpty(result.ServerReference) => $"The broker refers to {result.ServerReference}: set Publish:Broker to that address if you trust it.",
                MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized =>
                    "Check Publish:UserName and the file that Publish:PasswordFile names.",
                MqttClientConnectResultCode.ClientIdentifierNotValid => "Give the device another name in Publish:Device.",
                MqttClientConnectResultCode.QoSNotSupported => ConfirmationNeeded,
                _ => "The broker's log may say more.",
            },
            isVersionRefused: code == MqttClientConnectResultCode.UnsupportedProtocolVersion, refusedWith: code);
    }

    /// <summary>A broker without MQTT 5 answers with the codes of MQTT 3.1.1 (table 3.1), even to a CONNECT of version 5.</summary>
    static MqttClientConnectResultCode InVersion5(MqttClientConnectResultCode code) => (int)code switch
    {
        1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
        2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
        3 => MqttClientConnectResultCode.ServerUnavailable,
        4 => MqttClientConnectResultCode.BadUserNameOrPassword,
        5 => MqttClientConnectResultCode.NotAuthorized,
        _ => code,
    };

    /// <summary>The problem of a broker without QoS 1. With QoS 0 the device cannot know whether a result arrived.</summary>
    public static BrokerException NoConfirmation() => new("The broker supports only QoS 0, so it does not confirm results.", ConfirmationNeeded);

    /// <param name="ended">What MQTTnet reported, or null if nothing more is known.</param>
    public static BrokerException Closed(MqttClientDisconnectedEventArgs? ended)
    {
        if (ended is { ReasonString: not null } or { Reason: not (MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError) })
            return Stated(ended.Reason, ended.ReasonString, ended.Exception);
        return ended?.Exception is { } error ? From(error) : new BrokerException("The broker closed the connection.", Anew, isClosedByBroker: true, isAboutPacket: true);
    }

    public static BrokerException From(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case BrokerException known:
                    return known;
                case MqttClientUnexpectedDisconnectReceivedException { ReasonCode: { } code } said:
                    return Stated((MqttClientDisconnectReason)(int)code, said.ReasonString, error);
                case MqttClientNotConnectedException:
                    return new BrokerException("The broker closed the connection.", Anew, error, isClosedByBroker: true, isAboutPacket: true);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return new BrokerException("The broker's name does not resolve.", "Check Publish:Broker and the network's name server; the connection is tried again.", error);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new BrokerException("Nothing listens at the broker's address.", "Check Publish:Broker and that the broker runs; the connection is tried again.", error);
                case SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown }:
                    return new BrokerException("The network has no route to the broker's address.", "Check the network; the connection is tried again.", error);
                case AuthenticationException:
                    return new BrokerException($"TLS with the broker failed: {Innermost(cause).Message}", "Check that Publish:Broker names a TLS port, and the certificates.", error);
            }
        }
        return new BrokerException(
            $"The connection to the broker broke: {Innermost(error).Message}", Anew, error,
            isClosedByBroker: true, isAboutPacket: true,
            // A broker without MQTT 5 closes the connection after the CONNECT or answers in the older format.
            isClosedOnConnect: error is MQTTnet.Adapter.MqttConnectingFailedException);
    }

    /// <summary>The problem that the broker stated in a DISCONNECT (MQTT 5.0, 3.14.2.1).</summary>
    static BrokerException Stated(MqttClientDisconnectReason reason, string? words, Exception? error) =>
        reason == MqttClientDisconnectReason.SessionTakenOver
            ? new BrokerException("Another client connected to the broker under this device's name and took its place.", Twins, error, isSessionTakenOver: true, isExplained: true)
            : new BrokerException(
                $"The broker closed the connection: {reason} (0x{(int)reason:X2}){Reason(words)}.", Anew, error, isClosedByBroker: true,
                isExplained: reason != MqttClientDisconnectReason.UnspecifiedError || !string.IsNullOrEmpty(words), isAboutPacket: !IsAboutConnection(reason));

    /// <summary>Whether the reason is independent of the packets that the broker was sent.</summary>
    static bool IsAboutConnection(MqttClientDisconnectReason reason) => reason is
        MqttClientDisconnectReason.ServerBusy or MqttClientDisconnectReason.ServerShuttingDown or MqttClientDisconnectReason.KeepAliveTimeout
        or MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved or MqttClientDisconnectReason.ConnectionRateExceeded
        or MqttClientDisconnectReason.MaximumConnectTime or MqttClientDisconnectReason.MessageRateTooHigh or MqttClientDisconnectReason.AdministrativeAction;

    static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    static string Reason(string? text) => string.IsNullOrEmpty(text) ? "" : $", {PlainText.Shown(text)}";
}
