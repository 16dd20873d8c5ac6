using Microsoft.Extensions.Logging;

namespace EdgeShelf.Capture;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures take longer than the interval of {Interval}; pictures that become due in the meantime are skipped")]
    public static partial void TimerFallsBehind(this ILogger log, string interval);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} The service checks again every second")]
    public static partial void FolderIsAbsent(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The folder {Folder} is available again")]
    public static partial void FolderIsBack(this ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder {Folder} has pictures that are not read: {PassedOver} {Hint}")]
    public static partial void PicturesPassedOver(this ILogger log, string folder, string passedOver, string hint);

    [LoggerMessage(Level = LogLevel.Information, Message = "The button is ready")]
    public static partial void ButtonIsReady(this ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The button cannot be used; the rest of the service continues: {Problem} {Hint} The button is tried again every minute")]
    public static partial void ButtonIsOut(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A press of the button was ignored because {Waiting} pictures are already waiting")]
    public static partial void PressLeftOut(this ILogger log, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The LED cannot be used; the rest of the service continues: {Problem} The LED is tried again every minute")]
    public static partial void LedIsOut(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pictures in {Folder} arrived since the last run and are taken now")]
    public static partial void PicturesWait(this ILogger log, int count, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "The pictures of {Folder} are replayed from the first one")]
    public static partial void ReplayBegins(this ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "The pictures of {Folder} are replayed from the one after {Name}, which was the last one with a result")]
    public static partial void ReplayContinues(this ILogger log, string folder, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service ended while it worked on {Picture}. If it ends at this picture again, the picture is set aside")]
    public static partial void ServiceEndedWithPicture(this ILogger log, string picture);

    [LoggerMessage(Level = LogLevel.Error, Message = "The picture {Picture} is set aside, because the service ended {Times} times while it worked on it")]
    public static partial void PictureSetAside(this ILogger log, string picture, int times);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The picture that is being worked on cannot be recorded; the service continues: {Problem}")]
    public static partial void PictureIsNotRecorded(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The position in the watched folder cannot be saved; the service continues: {Problem} After a restart some pictures may be taken again or skipped")]
    public static partial void FolderIsNotRemembered(this ILogger log, string problem);
}
