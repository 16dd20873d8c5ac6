using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet;

static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Path} cannot be read and counts as absent: {Problem}")]
    public static partial void MemoryUnreadable(this ILogger log, string path, string problem);
}
