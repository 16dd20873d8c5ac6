using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Connects to the broker: version of MQTT, last will, log-in. The sender and the doctor use it in the same way. It remembers between
/// attempts what a broker refused, so that the next attempt asks for less.
/// </summary>
/// <param name="will">The last will as it should be, which is retained. A broker that does not keep retained messages gets it without the flag.</param>
sealed class BrokerConnector(PublishOptions options, BrokerTls tls, string clientId, LastWill will, TimeProvider clock)
{
    /// <summary>The time limit of CONNECT. It is shorter than that of other calls, so that a failed attempt and the wait after it take less than 35 s.</summary>
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    readonly ProtocolVersionChoice _version = new();
    readonly WillChoice _will = new();
    bool _isRetainRefused;

    /// <summary>The time limit of one answer: half a keep-alive, so that a ping and its answer take less than 1.5 keep-alives.</summary>
    TimeSpan CallLimit => options.KeepAlive / 2 < TimeSpan.FromSeconds(30) ? options.KeepAlive / 2 : TimeSpan.FromSeconds(30);

    /// <summary>Whether the next attempt may succeed because it asks for less than the attempt that failed with this problem.</summary>
    public static bool MayHelpToTryAgain(BrokerException problem) => problem.IsVersionRefused || WillChoice.MayBeTheCauseOf(problem);

    /// <param name="withWill">False omits the last will. <see cref="BrokerConnection.HasWill"/> says whether the broker took it.</param>
    /// <exception cref="BrokerException">The connection could not be made. The next attempt uses what was learned from this one.</exception>
    public async Task<BrokerConnection> OpenAsync(bool withWill, Action<MqttApplicationMessage> onMessage, CancellationToken cancellationToken)
    {
        while (true)
        {
            bool hasWill = withWill && !_will.IsLeftOut;
            BrokerConnection connection;
            try
            {
                LastWill? asked = hasWill ? will with { IsRetained = will.IsRetained && !_isRetainRefused } : null;
                TimeSpan limit = CallLimit < ConnectLimit ? CallLimit : ConnectLimit;
                connection = await BrokerConnection.OpenAsync(BrokerOptions.Create(options, clientId, asked, tls, _version.Next, CallLimit), limit, onMessage, clock, cancellationToken);
            }
            catch (BrokerException problem)
            {
                if (problem.RefusedWith == MqttClientConnectResultCode.RetainNotSupported && hasWill && !_isRetainRefused)
                {
                    _isRetainRefused = true;
                    continue;
                }
                bool wasVersion5 = _version.Next == MqttProtocolVersion.V500;
                _version.Failed(problem);
                // The broker explicitly refused the version, so there is no reason to wait.
                if (problem.IsVersionRefused && wasVersion5)
                    continue;
                if (withWill)
                    _will.Failed(problem);
                throw;
            }
            bool isWillDoubtful = withWill && _will.IsDoubtful;
            if (!_version.IsDoubtful && !isWillDoubtful)
                return connection;
            await using (connection)
                await connection.DisconnectAsync(cancellationToken);
            if (_version.IsDoubtful)
                _version.AskAgain();
            else
                _will.AskAgain();
        }
    }

    /// <summary>Call this when an established connection was lost.</summary>
    public void StartOver()
    {
        _version.StartOver();
        _will.StartOver();
        _isRetainRefused = false;
    }
}
