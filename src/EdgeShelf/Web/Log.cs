using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The page is at {Address} ({Access})")]
    public static partial void WebListens(this ILogger log, Uri address, string access);

    [LoggerMessage(Level = LogLevel.Error, Message = "The page cannot be served on {Address}:{Port}, the service goes on: {Problem} {Hint}")]
    public static partial void WebDoesNotStart(this ILogger log, string address, int port, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Others may read the token file {File}; its mode is {Mode}, 600 is meant")]
    public static partial void TokenIsReadable(this ILogger log, string file, string mode);
}
