using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;
using MQTTnet.Formatter;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Logs an outage of the broker when it begins, when the reason changes, rarely in between, and when it ends, because space on an
/// SD card is limited and an outage can last for weeks.
/// </summary>
sealed class TroubleLog(TimeProvider clock, ILogger log)
{
    static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    string? _problem;
    long _beganAt;
    long _loggedAt;

    public void Began(EdgeShelfException problem, string broker, TimeSpan delay)
    {
        bool isNew = _problem is null;
        if (isNew)
            _beganAt = clock.GetTimestamp();
        if (isNew || _problem != problem.Message || clock.GetElapsedTime(_loggedAt) > Between)
        {
            log.BrokerAway(broker, problem.Message, problem.Hint, Duration.Text(delay));
            _loggedAt = clock.GetTimestamp();
        }
        _problem = problem.Message;
    }

    public void Ended(string broker, MqttProtocolVersion version)
    {
        string speaks = version == MqttProtocolVersion.V500 ? "MQTT 5" : "MQTT 3.1.1";
        if (_problem is null)
            log.BrokerConnected(broker, speaks);
        else
        {
            string outage = Duration.Text(clock.GetElapsedTime(_beganAt));
            log.BrokerBack(broker, speaks, outage);
        }
        _problem = null;
    }
}
