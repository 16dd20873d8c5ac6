using MQTTnet.Formatter;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Chooses MQTT 5, or 3.1.1 with a broker that does not support 5. Such a broker refuses 5 explicitly or just closes the connection, but a
/// broker that is starting behind a proxy also does this. If it accepts 3.1.1 after it closed the connection on 5, version 5 is tried once more.
/// </summary>
sealed class ProtocolVersionChoice
{
    bool _isOlderSure;
    bool _isAskedAgain;

    public MqttProtocolVersion Next { get; private set; } = MqttProtocolVersion.V500;

    /// <summary>Whether the broker may support 5 after all. If so, end a connection with 3.1.1 and call <see cref="AskAgain"/>.</summary>
    public bool IsDoubtful => Next == MqttProtocolVersion.V311 && !_isOlderSure;

    public void AskAgain() => (Next, _isAskedAgain) = (MqttProtocolVersion.V500, true);

    /// <summary>Call this when a connection could not be made.</summary>
    public void Failed(BrokerException problem)
    {
        bool wasVersion5 = Next == MqttProtocolVersion.V500;
        if (problem.IsVersionRefused || problem.IsClosedOnConnect)
        {
            Next = wasVersion5 || _isOlderSure && !problem.IsVersionRefused ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
            _isOlderSure = Next == MqttProtocolVersion.V311 && (problem.IsVersionRefused || _isAskedAgain || _isOlderSure);
        }
        _isAskedAgain = false;
    }

    /// <summary>Call this when an established connection was lost, because the broker that comes back may be a different one.</summary>
    public void StartOver() => (Next, _isOlderSure, _isAskedAgain) = (MqttProtocolVersion.V500, false, false);
}
