using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Systemd;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "{Stage} is hung: one piece of work has taken {Time}, {Limit} are allowed. The watchdog is no longer notified, so systemd will restart the service")]
    public static partial void StageIsHung(this ILogger log, Stage stage, string time, string limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hung stage has continued")]
    public static partial void StageGoesOn(this ILogger log);
}
