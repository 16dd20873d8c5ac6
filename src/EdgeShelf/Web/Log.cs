using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The page is at {Address} ({Access})")]
    public static partial void WebListens(this ILogger log, Uri address, string access);

    [LoggerMessage(Level = LogLevel.Information, Message = "To open the page on a phone or a PC, go to {Address} and enter the code {Code} within {Minutes} minutes; `sudo edgeshelf pair` makes a new code")]
    public static partial void PairingBegins(this ILogger log, Uri address, string code, int minutes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No pairing code can be made, so browsers need the token: {Problem}")]
    public static partial void PairingIsNotPossible(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The page cannot be served on {Address}:{Port}; the service continues without it: {Problem} {Hint}")]
    public static partial void WebDoesNotStart(this ILogger log, string address, int port, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other users can read the token file {File}; its mode is {Mode}, but 600 is expected")]
    public static partial void TokenIsReadable(this ILogger log, string file, string mode);

    [LoggerMessage(Level = LogLevel.Information, Message = "The token file {File} was read again; sessions of another token are over")]
    public static partial void TokenChanged(this ILogger log, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody can log in to the page until the token can be read: {Problem} {Hint}")]
    public static partial void TokenIsGone(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A wrong token or code was sent to the page from {Address}; {Count} in all since the last such line")]
    public static partial void LoginsFailed(this ILogger log, int count, IPAddress address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pictures of the day were damaged and set aside as {File}; new ones are kept from now on")]
    public static partial void HistoryDamaged(this ILogger log, Exception damage, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The picture of now is not kept for the page: {Problem}")]
    public static partial void HistoryNotKept(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ended sessions cannot be stored in {File}, so a restart makes them valid again: {Problem}")]
    public static partial void EndedSessionsAreNotKept(this ILogger log, string file, string problem);
}
