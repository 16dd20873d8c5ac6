namespace EdgeShelf.Publish.Broker;

/// <summary>
/// Notices that another client uses this device's client id. With MQTT 5 a broker says so. With 3.1.1, and with some brokers
/// that speak 5, it only ends the connection: then connections that come about and are ended soon, without a reason and one
/// after the other, are the sign.
/// </summary>
sealed class NameConflict(TimeProvider clock)
{
    /// <summary>So many connections in a row that were ended without a reason are no accident.</summary>
    public const int Unexplained = 3;

    /// <summary>The other device connects again after at most <see cref="ReconnectBackoff.Longest"/>, so a connection that it ends is not much older.</summary>
    public static readonly TimeSpan EndedSoon = ReconnectBackoff.Longest * 1.5;

    /// <summary>A connection that lasted so long has no rival any more.</summary>
    public static readonly TimeSpan Over = TimeSpan.FromMinutes(3);

    int _unexplained;

    public DateTimeOffset? Since { get; private set; }

    public bool IsOn => Since is not null;

    /// <summary>A connection was lost.</summary>
    /// <param name="lived">From CONNACK on.</param>
    /// <returns>True when the conflict begins with it.</returns>
    public bool Lost(BrokerException problem, TimeSpan lived)
    {
        bool isSign = problem is { IsClosedByBroker: true, IsExplained: false } && lived < EndedSoon;
        _unexplained = isSign ? _unexplained + 1 : lived < EndedSoon ? _unexplained : 0;
        if (IsOn || (!problem.IsSessionTakenOver && _unexplained < Unexplained))
            return false;
        Since = clock.GetUtcNow();
        return true;
    }

    /// <summary>A connection stands.</summary>
    /// <returns>True when the conflict ends with it.</returns>
    public bool Stands(TimeSpan lived)
    {
        if (!IsOn || lived < Over)
            return false;
        (Since, _unexplained) = (null, 0);
        return true;
    }
}
