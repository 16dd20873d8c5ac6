using Microsoft.Extensions.Logging;

namespace EdgeShelf.Fleet;

static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Path} cannot be read and counts as absent: {Problem}")]
    public static partial void MemoryUnreadable(this ILogger log, string path, string problem);

    [LoggerMessage(LogLevel.Warning, "{Path} cannot be written: {Problem} What the chain wants is taken again after a restart.")]
    public static partial void MemoryNotWritten(this ILogger log, string path, string problem);

    [LoggerMessage(LogLevel.Information, "Version {Version} of the desired document came from the {From}.")]
    public static partial void WishTaken(this ILogger log, int? version, string from);

    [LoggerMessage(LogLevel.Information, "The desired document of the {From} was taken back.")]
    public static partial void WishRemoved(this ILogger log, string from);

    [LoggerMessage(LogLevel.Warning, "A desired document of the {From} is older than the last one and does nothing.")]
    public static partial void WishLate(this ILogger log, string from);

    [LoggerMessage(LogLevel.Warning, "{Document} is refused: {Problems}")]
    public static partial void WishRefused(this ILogger log, string document, string problems);

    [LoggerMessage(LogLevel.Warning, "Version {Version} of the desired document cannot be applied now: {Problem} {Hint} Next attempt in {Delay}.")]
    public static partial void WishTriedAgain(this ILogger log, int? version, string problem, string hint, string delay);

    [LoggerMessage(LogLevel.Information, "Version {Version} of the desired document is applied.")]
    public static partial void WishApplied(this ILogger log, int? version);

    [LoggerMessage(LogLevel.Error, "Version {Version} of the desired document is taken back: {Problems}")]
    public static partial void WishTakenBack(this ILogger log, int? version, string problems);

    [LoggerMessage(LogLevel.Error, "What the desired document changed cannot be taken back now: {Problem}")]
    public static partial void NotTakenBack(this ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "The settings of the chain changed. The service ends, and systemd starts it again with them.")]
    public static partial void StartsAgain(this ILogger log);

    [LoggerMessage(LogLevel.Error, "The settings of the chain were set aside, because the service cannot start with them: {Problems}")]
    public static partial void SettingsSetAside(this ILogger log, string problems);

    [LoggerMessage(LogLevel.Information, "The model {Name} of the chain is no longer needed and was deleted.")]
    public static partial void ModelPruned(this ILogger log, string name);

    [LoggerMessage(LogLevel.Warning, "Models of the chain cannot be deleted: {Problem}")]
    public static partial void NotPruned(this ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "The device got credentials of its own as {Device}. The service starts again with them.")]
    public static partial void Claimed(this ILogger log, string device);

    [LoggerMessage(LogLevel.Warning, "The device has no credentials of its own yet: {Problem} {Hint}")]
    public static partial void NotClaimed(this ILogger log, string problem, string hint);

    [LoggerMessage(LogLevel.Error, "The fleet failed unexpectedly and goes on with the next document.")]
    public static partial void FleetFailed(this ILogger log, Exception error);
}
