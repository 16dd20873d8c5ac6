using MQTTnet.Formatter;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// MQTT 5, or 3.1.1 with a broker that has no 5. Such a broker refuses 5 in so many words or just hangs up; but so does one
/// that is starting, behind a proxy. So when it took 3.1.1 after it hung up on 5, it is asked for 5 once more.
/// </summary>
sealed class ProtocolVersionChoice
{
    bool _isOlderSure;
    bool _isAskedAgain;

    public MqttProtocolVersion Next { get; private set; } = MqttProtocolVersion.V500;

    /// <summary>It may speak 5 after all. Then end a connection in 3.1.1 and <see cref="AskAgain"/>.</summary>
    public bool IsDoubtful => Next == MqttProtocolVersion.V311 && !_isOlderSure;

    public void AskAgain() => (Next, _isAskedAgain) = (MqttProtocolVersion.V500, true);

    /// <summary>A connection did not come about.</summary>
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

    /// <summary>A connection that had come about is lost: the broker that comes back may be another.</summary>
    public void StartOver() => (Next, _isOlderSure, _isAskedAgain) = (MqttProtocolVersion.V500, false, false);
}
