using EdgeShelf.Shelf;
using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>The broker cannot be reached, refuses the connection, or stopped answering. A new connection may help.</summary>
/// <param name="isSessionTakenOver">Another client has connected with the client id of this device.</param>
/// <param name="isClosedByBroker">The other side closed the connection.</param>
/// <param name="isClosedOnConnect">It closed the connection after the first packet. It may not support this version of MQTT, or not allow the last will.</param>
/// <param name="isVersionRefused">It stated that it does not support this version of MQTT.</param>
/// <param name="isExplained">The cause is known: the broker stated it, or it is the message that was just sent. No guess may replace it.</param>
/// <param name="isAboutPacket">The other side closed the connection, possibly because of the packet that was just sent.</param>
/// <param name="leftOut">The side channel that ended the connection. The next connections do without it.</param>
/// <param name="refusedWith">The reason code of the CONNACK.</param>
sealed class BrokerException(
    string message, string hint, Exception? inner = null, bool isSessionTakenOver = false, bool isClosedByBroker = false, bool isClosedOnConnect = false, bool isVersionRefused = false,
    bool isExplained = false, bool isAboutPacket = false, SideChannel? leftOut = null, MqttClientConnectResultCode? refusedWith = null)
    : EdgeShelfException(message, hint, inner)
{
    public bool IsSessionTakenOver { get; } = isSessionTakenOver;
    public bool IsClosedByBroker { get; } = isClosedByBroker;
    public bool IsClosedOnConnect { get; } = isClosedOnConnect;
    public bool IsVersionRefused { get; } = isVersionRefused;
    public bool IsExplained { get; } = isExplained;
    public bool IsAboutPacket { get; } = isAboutPacket;
    public SideChannel? LeftOut { get; } = leftOut;
    public MqttClientConnectResultCode? RefusedWith { get; } = refusedWith;
}
