namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Detects that another client uses this device's client id. With MQTT 5 a broker states this. With 3.1.1, and with some brokers
/// that support 5, it only ends the connection. In that case several connections in a row that are made and then soon ended
/// without a reason indicate a conflict.
/// </summary>
sealed class NameConflict(TimeProvider clock)
{
    /// <summary>The number of connections in a row, ended without a reason, that indicate a conflict.</summary>
    public const int Unexplained = 3;

    /// <summary>The other device connects again after at most <see cref="ReconnectBackoff.Longest"/>, so a connection that it ends is not much older than that.</summary>
    public static readonly TimeSpan EndedSoon = ReconnectBackoff.Longest * 1.5;

    /// <summary>After a connection of this length the conflict has ended.</summary>
    public static readonly TimeSpan Over = TimeSpan.FromMinutes(3);

    int _unexplained;

    public DateTimeOffset? Since { get; private set; }

    public bool IsOn => Since is not null;

    /// <summary>Call this when a connection was lost.</summary>
    /// <param name="lived">The time since the CONNACK.</param>
    /// <returns>True if a conflict has begun.</returns>
    public bool Lost(BrokerException problem, TimeSpan lived)
    {
        bool isSign = problem is { IsClosedByBroker: true, IsExplained: false } && lived < EndedSoon;
        _unexplained = isSign ? _unexplained + 1 : lived < EndedSoon ? _unexplained : 0;
        if (IsOn || (!problem.IsSessionTakenOver && _unexplained < Unexplained))
            return false;
        Since = clock.GetUtcNow();
        return true;
    }

    /// <summary>Call this regularly while connected.</summary>
    /// <returns>True if the conflict has ended.</returns>
    public bool Stands(TimeSpan lived)
    {
        if (!IsOn || lived < Over)
            return false;
        (Since, _unexplained) = (null, 0);
        return true;
    }
}
