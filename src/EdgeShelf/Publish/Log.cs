using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Message} Numbers go on from {FirstSeq}.")]
    public static partial void OutboxRestarted(this ILogger log, string message, long firstSeq);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox is damaged and is now kept as {Name}.")]
    public static partial void OutboxDamaged(this ILogger log, Exception damage, string name);
}
