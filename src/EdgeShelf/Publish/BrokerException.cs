namespace EdgeShelf.Publish;

/// <summary>The broker cannot be reached, refuses us, or went silent. A new connection may help.</summary>
/// <param name="isSessionTakenOver">Another client has connected under our client id.</param>
/// <param name="isClosedByBroker">The other side hung up.</param>
/// <param name="mayNotSpeakVersion5">The broker hung up on the first packet: it may know MQTT 3.1.1 only.</param>
sealed class BrokerException(string message, string hint, Exception? inner = null, bool isSessionTakenOver = false, bool isClosedByBroker = false, bool mayNotSpeakVersion5 = false)
    : EdgeShelfException(message, hint, inner)
{
    public bool IsSessionTakenOver { get; } = isSessionTakenOver;
    public bool IsClosedByBroker { get; } = isClosedByBroker;
    public bool MayNotSpeakVersion5 { get; } = mayNotSpeakVersion5;
}
