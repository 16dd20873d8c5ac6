using EdgeShelf.Systemd;

namespace EdgeShelf.Tests.Systemd;

public sealed class WatchdogIntervalTests
{
    [Theory]
    [InlineData("60000000", null, 30.0)]
    [InlineData("60000000", "42", 30.0)]
    [InlineData("60000000", "7", null)]
    [InlineData(null, null, null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    public void ItIsHalfOfWhatSystemdAllowsThisProcess(string? microseconds, string? pid, double? seconds)
    {
        TimeSpan? interval = WatchdogInterval.From(
            name => name switch { "WATCHDOG_USEC" => microseconds, "WATCHDOG_PID" => pid, _ => null }, processId: 42);
        Assert.Equal(seconds, interval?.TotalSeconds);
    }
}
