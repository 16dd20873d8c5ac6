using MQTTnet;

namespace SampleConsumer;

/// <summary>
/// Notices that another program connects with the client id of this worker: the broker then ends the older of the two connections, its program connects
/// again, and so on without an end. Some brokers with MQTT 5 give the reason, and the program stops. Others, such as mosquitto 2.0.11, and MQTT 3.1.1 only
/// close the connection soon after it was made, so after several in a row the program says so and waits for a minute before each further attempt. This type
/// is not thread-safe; the main loop uses it.
/// </summary>
sealed class SessionConflict(string worker, TimeProvider clock)
{
    /// <summary>The exit code of a program that stops because another one has taken its session.</summary>
    public const int ExitCode = 3;

    const int Unexplained = 3;

    /// <summary>The other program connects again within a second or two, so a connection that it ends is not much older.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>The reason comes a little later than the end of the connection.</summary>
    static readonly TimeSpan ReasonLimit = TimeSpan.FromSeconds(1);

    TaskCompletionSource<MqttClientDisconnectReason> _reason = new();
    long? _connectedAt;
    int _endedSoon;

    /// <summary>Call this for each new client, before it connects.</summary>
    public void Follow(IMqttClient client)
    {
        TaskCompletionSource<MqttClientDisconnectReason> reason = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += ended =>
        {
            reason.TrySetResult(ended.Reason);
            return Task.CompletedTask;
        };
        _reason = reason;
    }

    /// <summary>Call this when the broker has accepted the connection and the subscriptions.</summary>
    public void Connected() => _connectedAt = clock.GetTimestamp();

    /// <summary>Call this before each attempt to connect. It waits where that is needed.</summary>
    /// <returns>False if another program has taken the session, so that this one has to stop.</returns>
    public async Task<bool> MayConnectAsync(CancellationToken cancellationToken)
    {
        if (_connectedAt is not { } connectedAt)
            return true;
        _connectedAt = null;
        TimeSpan lived = clock.GetElapsedTime(connectedAt);
        await Task.WhenAny(_reason.Task, Task.Delay(ReasonLimit, clock, cancellationToken));
        if (_reason.Task is { IsCompletedSuccessfully: true, Result: MqttClientDisconnectReason.SessionTakenOver })
        {
            Console.Error.WriteLine($"Another program has connected to the broker as {worker} and goes on in place of this one, which stops. Start each with a name of its own for WORKER.");
            return false;
        }
        _endedSoon = lived < Soon ? _endedSoon + 1 : 0;
        if (_endedSoon >= Unexplained)
        {
            Console.Error.WriteLine(
                $"The broker ended {_endedSoon} connections in a row soon after they were made. Another program that connects as {worker} does that: start each with a name of its own for WORKER. The next attempt is in {Pause.TotalSeconds:0} s.");
            await Task.Delay(Pause, clock, cancellationToken);
        }
        return true;
    }
}
