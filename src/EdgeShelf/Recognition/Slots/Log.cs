using Microsoft.Extensions.Logging;

namespace EdgeShelf.Recognition.Slots;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read: {Problem} The verdicts of the slots are confirmed anew.")]
    public static partial void BayNotRead(this ILogger log, string path, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written: {Problem} After a restart the verdicts of the slots are confirmed anew. Check the free space and the rights of the folder.")]
    public static partial void BayNotKept(this ILogger log, string path, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The picture cannot be kept as the reference of the slots: {Problem} {Hint}")]
    public static partial void ReferenceNotKept(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reference picture of the slots cannot be read, so a moved camera is not noticed: {Problem} Take the new view on the page.")]
    public static partial void ReferenceNotRead(this ILogger log, string problem);
}
