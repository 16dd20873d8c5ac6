using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// The way in: version of MQTT, last will, log-in. Sender and doctor go it alike. It remembers between attempts what a broker
/// refused, so that the next attempt asks for less.
/// </summary>
/// <param name="will">As it is wanted: retained. A broker that keeps no retained messages gets it without the flag.</param>
sealed class BrokerConnector(PublishOptions options, BrokerTls tls, string clientId, LastWill will, TimeProvider clock)
{
    /// <summary>Shorter than other calls, so that an attempt into nothing and the wait after it stay below 35 s together.</summary>
    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    readonly ProtocolVersionChoice _version = new();
    readonly WillChoice _will = new();
    bool _isRetainRefused;

    /// <summary>The time for one answer: half a keep-alive, so that ping and answer together stay below 1.5.</summary>
    TimeSpan CallLimit => options.KeepAlive / 2 < TimeSpan.FromSeconds(30) ? options.KeepAlive / 2 : TimeSpan.FromSeconds(30);

    /// <summary>The next attempt asks for less than the one that ended so.</summary>
    public static bool MayHelpToTryAgain(BrokerException problem) => problem.IsVersionRefused || WillChoice.MayBeTheCauseOf(problem);

    /// <param name="withWill">False leaves out the last will; <see cref="BrokerConnection.HasWill"/> says whether the broker took it.</param>
    /// <exception cref="BrokerException">There is no connection; whatever was learned holds for the next attempt.</exception>
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
                // Said in so many words: there is nothing to wait for.
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

    /// <summary>A connection that had come about is lost.</summary>
    public void StartOver()
    {
        _version.StartOver();
        _will.StartOver();
        _isRetainRefused = false;
    }
}
