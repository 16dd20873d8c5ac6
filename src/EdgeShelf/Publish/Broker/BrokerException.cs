using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Broker;

/// <summary>The broker cannot be reached, refuses us, or went silent. A new connection may help.</summary>
/// <param name="isSessionTakenOver">Another client has connected under our client id.</param>
/// <param name="isClosedByBroker">The other side hung up.</param>
/// <param name="isClosedOnConnect">It hung up on the first packet: it may not know our version of MQTT.</param>
/// <param name="isVersionRefused">It said that it does not know our version of MQTT.</param>
sealed class BrokerException(
    string message, string hint, Exception? inner = null, bool isSessionTakenOver = false, bool isClosedByBroker = false, bool isClosedOnConnect = false, bool isVersionRefused = false)
    : EdgeShelfException(message, hint, inner)
{
    public bool IsSessionTakenOver { get; } = isSessionTakenOver;
    public bool IsClosedByBroker { get; } = isClosedByBroker;
    public bool IsClosedOnConnect { get; } = isClosedOnConnect;
    public bool IsVersionRefused { get; } = isVersionRefused;
}
