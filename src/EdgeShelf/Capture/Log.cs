using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures take longer than the interval of {Interval}; those that fall due meanwhile are left out")]
    public static partial void TimerFallsBehind(this ILogger log, string interval);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Looking again each second")]
    public static partial void FolderIsAbsent(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The folder {Folder} is there again")]
    public static partial void FolderIsBack(this ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Folder} has pictures that are not read: {PassedOver} {Hint}")]
    public static partial void PicturesPassedOver(this ILogger log, string folder, string passedOver, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "The button is ready")]
    public static partial void ButtonIsReady(this ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The button is not usable, everything else goes on: {Problem} {Hint} Tried again each minute")]
    public static partial void ButtonIsOut(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A press of the button was left out: {Waiting} pictures are waiting already")]
    public static partial void PressLeftOut(this ILogger log, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The light is not usable, everything else goes on: {Problem} Tried again each minute")]
    public static partial void LedIsOut(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pictures in {Folder} arrived since the last run and are taken now")]
    public static partial void PicturesWait(this ILogger log, int count, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "The pictures of {Folder} are replayed from the first one")]
    public static partial void ReplayBegins(this ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was taken from the watched folder cannot be remembered, the service goes on: {Problem} After a restart some pictures may be taken again or left out")]
    public static partial void FolderIsNotRemembered(this ILogger log, string problem);
}
