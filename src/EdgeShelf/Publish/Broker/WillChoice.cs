using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Chooses whether to connect with a last will, or without one because the broker does not allow its topic. Such a broker refuses the CONNECT as
/// not authorized or closes the connection, but a broker that refuses the password or is starting behind a proxy also does this. If the broker
/// accepts a CONNECT without the will, the will is therefore tried once more.
/// </summary>
sealed class WillChoice
{
    /// <summary>The number of versions of MQTT. A broker may also close the connection because of the version, so each choice is tried with both.</summary>
    const int VersionsOfMqtt = 2;

    int _refusals;
    bool _isAskedAgain;
    bool _isSure;

    public bool IsLeftOut { get; private set; }

    /// <summary>Whether the broker may accept the will after all. If so, end a connection without it and call <see cref="AskAgain"/>.</summary>
    public bool IsDoubtful => IsLeftOut && !_isSure;

    public void AskAgain() => (IsLeftOut, _isAskedAgain) = (false, true);

    /// <summary>Call this when a connection could not be made.</summary>
    public void Failed(BrokerException problem)
    {
        if (!MayBeTheCauseOf(problem))
            return;
        if (_isAskedAgain)
        {
            (IsLeftOut, _isSure, _isAskedAgain) = (true, true, false);
            return;
        }
        _refusals += problem.IsClosedOnConnect ? 1 : VersionsOfMqtt;
        (IsLeftOut, _isSure) = (_refusals / VersionsOfMqtt % 2 == 1, false);
    }

    /// <summary>Call this when an established connection was lost, because the broker that comes back may be a different one.</summary>
    public void StartOver() => (IsLeftOut, _isSure, _isAskedAgain, _refusals) = (false, false, false, 0);

    public static bool MayBeTheCauseOf(BrokerException problem) =>
        problem.IsClosedOnConnect || problem.RefusedWith is MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.TopicNameInvalid;
}
