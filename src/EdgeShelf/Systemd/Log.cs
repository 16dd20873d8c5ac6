using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Systemd;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "{Stage} is hung: {Time} at one piece of work, {Limit} are allowed. No more signs of life, systemd will start the service again")]
    public static partial void StageIsHung(this ILogger log, Stage stage, string time, string limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was hung goes on after all")]
    public static partial void StageGoesOn(this ILogger log);
}
