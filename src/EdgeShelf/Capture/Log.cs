using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures take longer than the interval of {Interval}; those that fall due meanwhile are left out")]
    public static partial void TimerFallsBehind(this ILogger log, TimeSpan interval);
}
