using EdgeShelf.Shelf;
using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>The broker cannot be reached, refuses us, or went silent. A new connection may help.</summary>
/// <param name="isSessionTakenOver">Another client has connected under our client id.</param>
/// <param name="isClosedByBroker">The other side hung up.</param>
/// <param name="isClosedOnConnect">It hung up on the first packet: it may not know our version of MQTT, or not allow the last will.</param>
/// <param name="isVersionRefused">It said that it does not know our version of MQTT.</param>
/// <param name="isExplained">The cause is known: the broker stated it, or it is what we had just sent. No guess may replace it.</param>
/// <param name="isAboutPacket">The other side hung up, and it may have been because of the packet that it had just been sent.</param>
/// <param name="leftOut">The side channel that ended the connection, and that the next connections do without.</param>
/// <param name="refusedWith">The code of the CONNACK.</param>
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
