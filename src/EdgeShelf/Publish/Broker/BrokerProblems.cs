using System.Net.Sockets;
using System.Security.Authentication;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeShelf.Publish.Broker;

/// <summary>Says in plain words why there is no connection.</summary>
static class BrokerProblems
{
    const string Twins = "Two devices have the same name: give each its own in Publish:Device.";
    const string Anew = "It is built anew; results wait in the outbox.";
    const string ConfirmationNeeded = "Results need QoS 1, at which the broker confirms each one: use a broker that has it. Until then results wait in the outbox.";

    public static BrokerException Refused(MqttClientConnectResult result)
    {
        MqttClientConnectResultCode code = InVersion5(result.ResultCode);
        return new BrokerException(
            $"The broker refuses the connection: {code} (0x{(int)result.ResultCode:X2}){Reason(result.ReasonString)}.",
            code switch
            {
                _ when !string.IsNullOrEmpty(result.ServerReference) => $"The broker refers to {result.ServerReference}: put that address into Publish:Broker if it is yours.",
                MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized =>
                    "Check Publish:UserName and the file that Publish:PasswordFile names.",
                MqttClientConnectResultCode.ClientIdentifierNotValid => "Give the device another name in Publish:Device.",
                MqttClientConnectResultCode.QoSNotSupported => ConfirmationNeeded,
                _ => "The broker's log may say more.",
            },
            isVersionRefused: code == MqttClientConnectResultCode.UnsupportedProtocolVersion, refusedWith: code);
    }

    /// <summary>A broker without MQTT 5 answers with the codes of 3.1.1 (its table 3.1), also to a CONNECT of version 5.</summary>
    static MqttClientConnectResultCode InVersion5(MqttClientConnectResultCode code) => (int)code switch
    {
        1 => MqttClientConnectResultCode.UnsupportedProtocolVersion,
        2 => MqttClientConnectResultCode.ClientIdentifierNotValid,
        3 => MqttClientConnectResultCode.ServerUnavailable,
        4 => MqttClientConnectResultCode.BadUserNameOrPassword,
        5 => MqttClientConnectResultCode.NotAuthorized,
        _ => code,
    };

    /// <summary>With QoS 0 nobody would know whether a result arrived.</summary>
    public static BrokerException NoConfirmation() => new("The broker takes QoS 0 only and so confirms no result.", ConfirmationNeeded);

    /// <param name="ended">Null when nothing more is known.</param>
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
                    return new BrokerException("The broker's name does not resolve.", "Check Publish:Broker and the network's name server; it is tried again.", error);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new BrokerException("Nothing listens at the broker's address.", "Check Publish:Broker and that the broker runs; it is tried again.", error);
                case SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown }:
                    return new BrokerException("There is no way to the broker's address.", "Check the network; it is tried again.", error);
                case AuthenticationException:
                    return new BrokerException($"TLS with the broker failed: {Innermost(cause).Message}", "Check that Publish:Broker names a TLS port, and the certificates.", error);
            }
        }
        return new BrokerException(
            $"The connection to the broker broke: {Innermost(error).Message}", Anew, error,
            isClosedByBroker: true, isAboutPacket: true,
            // A broker without MQTT 5 closes on the CONNECT or answers it in the older form.
            isClosedOnConnect: error is MQTTnet.Adapter.MqttConnectingFailedException);
    }

    /// <summary>A DISCONNECT of the broker's (MQTT 5.0, 3.14.2.1).</summary>
    static BrokerException Stated(MqttClientDisconnectReason reason, string? words, Exception? error) =>
        reason == MqttClientDisconnectReason.SessionTakenOver
            ? new BrokerException("Another client connected to the broker under this device's name and took its place.", Twins, error, isSessionTakenOver: true, isExplained: true)
            : new BrokerException(
                $"The broker closed the connection: {reason} (0x{(int)reason:X2}){Reason(words)}.", Anew, error, isClosedByBroker: true,
                isExplained: reason != MqttClientDisconnectReason.UnspecifiedError || !string.IsNullOrEmpty(words), isAboutPacket: !IsAboutConnection(reason));

    /// <summary>The broker would have ended the connection whatever it had been sent.</summary>
    static bool IsAboutConnection(MqttClientDisconnectReason reason) => reason is
        MqttClientDisconnectReason.ServerBusy or MqttClientDisconnectReason.ServerShuttingDown or MqttClientDisconnectReason.KeepAliveTimeout
        or MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved or MqttClientDisconnectReason.ConnectionRateExceeded
        or MqttClientDisconnectReason.MaximumConnectTime or MqttClientDisconnectReason.MessageRateTooHigh or MqttClientDisconnectReason.AdministrativeAction;

    static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    static string Reason(string? text) => string.IsNullOrEmpty(text) ? "" : $", {PlainText.Shown(text)}";
}
