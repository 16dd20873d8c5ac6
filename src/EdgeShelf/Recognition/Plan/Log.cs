using Microsoft.Extensions.Logging;

namespace EdgeShelf.Recognition.Plan;

static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The slots changed by {By}: version {Version} with {Slots} slots")]
    public static partial void SlotsChanged(this ILogger log, string by, int version, int slots);

    [LoggerMessage(Level = LogLevel.Information, Message = "The planogram changed by {By}: {Name} {Version} with {Positions} positions")]
    public static partial void PlanogramChanged(this ILogger log, string by, string name, string version, int positions);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void PlanDamaged(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The files of slots and planogram are sound again")]
    public static partial void PlanSound(this ILogger log);
}
