using System.Globalization;

namespace EdgeShelf.Systemd;

/// <summary>How often systemd wants a sign of life; see sd_watchdog_enabled(3).</summary>
static class WatchdogInterval
{
    /// <summary>Half of what systemd allows, as its manual advises; null where it does not ask this process for signs of life.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static TimeSpan? From(Func<string, string?> variable, int processId)
    {
        if (!long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) || microseconds <= 0)
            return null;
        if (variable("WATCHDOG_PID") is { Length: > 0 } pid && pid != processId.ToString(CultureInfo.InvariantCulture))
            return null;
        return TimeSpan.FromMicroseconds(microseconds) / 2;
    }
}
