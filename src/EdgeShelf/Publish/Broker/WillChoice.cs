using MQTTnet;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// With a last will, or without one where the broker does not allow its topic. Such a broker refuses the CONNECT as not
/// authorized or hangs up on it; but so does one that refuses the password, or that is starting behind a proxy. So when it took
/// a CONNECT without the will, it is asked once more with it.
/// </summary>
sealed class WillChoice
{
    /// <summary>A broker that hangs up may mean the version of MQTT as well: each is tried with both versions.</summary>
    const int VersionsOfMqtt = 2;

    int _refusals;
    bool _isAskedAgain;
    bool _isSure;

    public bool IsLeftOut { get; private set; }

    /// <summary>It may take the will after all. Then end a connection without it and <see cref="AskAgain"/>.</summary>
    public bool IsDoubtful => IsLeftOut && !_isSure;

    public void AskAgain() => (IsLeftOut, _isAskedAgain) = (false, true);

    /// <summary>A connection did not come about.</summary>
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

    /// <summary>A connection that had come about is lost: the broker that comes back may be another.</summary>
    public void StartOver() => (IsLeftOut, _isSure, _isAskedAgain, _refusals) = (false, false, false, 0);

    public static bool MayBeTheCauseOf(BrokerException problem) =>
        problem.IsClosedOnConnect || problem.RefusedWith is MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.TopicNameInvalid;
}
