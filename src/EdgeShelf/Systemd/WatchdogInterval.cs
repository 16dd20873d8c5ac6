using System.Globalization;

namespace EdgeShelf.Systemd;

/// <summary>The interval between notifications of systemd's watchdog; see sd_watchdog_enabled(3).</summary>
static class WatchdogInterval
{
    /// <summary>Half of the watchdog timeout, as systemd's manual advises, or null if the watchdog is not enabled for this process.</summary>
    /// <param name="variable">A function that reads an environment variable.</param>
    public static TimeSpan? From(Func<string, string?> variable, int processId)
    {
        if (!long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) || microseconds <= 0)
            return null;
        if (variable("WATCHDOG_PID") is { Length: > 0 } pid && pid != processId.ToString(CultureInfo.InvariantCulture))
            return null;
        return TimeSpan.FromMicroseconds(microseconds) / 2;
    }
}
