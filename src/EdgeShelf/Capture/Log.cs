using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures take longer than the interval of {Interval}; those that fall due meanwhile are left out")]
    public static partial void TimerFallsBehind(this ILogger log, TimeSpan interval);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Looking again each second")]
    public static partial void FolderIsAbsent(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The folder {Folder} is there again")]
    public static partial void FolderIsBack(this ILogger log, string folder);
}
