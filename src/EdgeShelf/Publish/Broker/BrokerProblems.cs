using System.Net.Sockets;
using System.Security.Authentication;
using EdgeShelf.Platform;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeShelf.Publish.Broker;

/// <summary>Says in plain words why there is no connection.</summary>
static class BrokerProblems
{
    public static BrokerException Refused(MqttClientConnectResult result) => new(
        $"The broker refuses the connection: {result.ResultCode} (0x{(int)result.ResultCode:X2}){Reason(result.ReasonString)}.",
        result.ResultCode switch
        {
            MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized =>
                "Check Publish:UserName and the file that Publish:PasswordFile names.",
            MqttClientConnectResultCode.ClientIdentifierNotValid => "Give the device another name in Publish:Device.",
            _ => "The broker's log may say more.",
        },
        isVersionRefused: result.ResultCode == MqttClientConnectResultCode.UnsupportedProtocolVersion);

    public static BrokerException Closed(MqttClientDisconnectedEventArgs? ended)
    {
        if (ended?.Reason == MqttClientDisconnectReason.SessionTakenOver)
            return new BrokerException(
                "Another client connected to the broker under this device's name and took its place.",
                "Two devices have the same name: give each its own in Publish:Device.", isSessionTakenOver: true);
        if (ended?.Exception is not null && ended.Reason is MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.UnspecifiedError)
            return From(ended.Exception!);
        return new BrokerException(
            ended is null or { Reason: MqttClientDisconnectReason.NormalDisconnection }
                ? "The broker closed the connection."
                : $"The broker closed the connection: {ended.Reason} (0x{(int)ended.Reason:X2}){Reason(ended.ReasonString)}.",
            "It is built anew; results wait in the outbox.", isClosedByBroker: true);
    }

    public static BrokerException From(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case BrokerException known:
                    return known;
                case MqttClientUnexpectedDisconnectReceivedException { ReasonCode: MQTTnet.Protocol.MqttDisconnectReasonCode.SessionTakenOver }:
                    return new BrokerException(
                        "Another client connected to the broker under this device's name and took its place.",
                        "Two devices have the same name: give each its own in Publish:Device.", error, isSessionTakenOver: true);
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
            $"The connection to the broker broke: {Innermost(error).Message}", "It is built anew; results wait in the outbox.", error,
            isClosedByBroker: true,
            // A broker without MQTT 5 closes on the CONNECT or answers it in the older form.
            isClosedOnConnect: error is MQTTnet.Adapter.MqttConnectingFailedException);
    }

    static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    static string Reason(string? text) => string.IsNullOrEmpty(text) ? "" : $", {PlainText.Shown(text)}";
}
