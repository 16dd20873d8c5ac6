using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Message} Numbers continue from {FirstSeq}.")]
    public static partial void OutboxRestarted(this ILogger log, string message, long firstSeq);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} Results cannot be kept until this is fixed. {Hint}")]
    public static partial void OutboxIsOut(this ILogger log, string problem, string hint);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox is damaged and is now kept as {Name}.")]
    public static partial void OutboxDamaged(this ILogger log, Exception damage, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Broker} with {Version}.")]
    public static partial void BrokerConnected(this ILogger log, string broker, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Broker} again with {Version} after {Outage}.")]
    public static partial void BrokerBack(this ILogger log, string broker, string version, string outage);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection to {Broker}: {Problem} {Hint} Next attempt in {Delay}.")]
    public static partial void BrokerAway(this ILogger log, string broker, string problem, string hint, string delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Publishing failed unexpectedly; the device connects again.")]
    public static partial void SenderFailed(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not allow `{Channel}`: {Reason} The device does without it, and tries it again after 10 minutes and then less often.")]
    public static partial void ChannelLeftOut(this ILogger log, string channel, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The broker allows `{Channel}` now.")]
    public static partial void ChannelTaken(this ILogger log, string channel);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Limit}")]
    public static partial void BrokerLimit(this ILogger log, string limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "No other device uses this device's name any more.")]
    public static partial void NameConflictEnded(this ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not take message {Seq} now: {Code}. It is tried again.")]
    public static partial void PublishPutOff(this ILogger log, long seq, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Seq} is set aside: {Reason}. `edgeshelf outbox list --refused` shows it.")]
    public static partial void MessageSetAside(this ILogger log, long seq, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The retained message on {Topic} is ignored, because requests must not be retained.")]
    public static partial void RetainedRequestIgnored(this ILogger log, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} requests were dropped: the device accepts {Burst} at once, and then one per second.")]
    public static partial void RequestsDropped(this ILogger log, int count, int burst);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {Command}: {Status} {Code}")]
    public static partial void RequestAnswered(this ILogger log, string command, string status, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {Command} failed unexpectedly.")]
    public static partial void RequestFailed(this ILogger log, Exception error, string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The device's certificate (Publish:ClientCertificateFile) expires on {EndsAt}. Replace the file; the service reads it again.")]
    public static partial void CertificateExpires(this ILogger log, string endsAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another program keeps reading the outbox, so its write-ahead log grew to {Bytes} bytes; the outbox continues in a new file.")]
    public static partial void OutboxRewritten(this ILogger log, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another program keeps reading the outbox, its write-ahead log has {Bytes} bytes, and a new file cannot be created.")]
    public static partial void OutboxNotRewritten(this ILogger log, Exception error, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The event {Type} could not be kept: {Problem}")]
    public static partial void EventLost(this ILogger log, string type, string problem);
}
