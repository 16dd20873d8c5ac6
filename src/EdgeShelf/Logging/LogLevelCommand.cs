using System.Text.Json.Nodes;
using EdgeShelf.Shelf;
using Serilog.Core;
using Serilog.Events;

namespace EdgeShelf.Logging;

/// <summary>`request/log-level`: changes how much is logged until the next start. Without a value it returns the current level.</summary>
static class LogLevelCommand
{
    static readonly LogEventLevel[] Allowed = [LogEventLevel.Debug, LogEventLevel.Information, LogEventLevel.Warning, LogEventLevel.Error];

    public static RequestCommand Create(LoggingLevelSwitch logLevel) => new(
        "log-level", "Changes how much is logged until the next start: Debug, Information, Warning or Error.", value =>
        {
            if (value is not null)
            {
                if (!Enum.TryParse(value, ignoreCase: true, out LogEventLevel level) || !Allowed.Contains(level))
                    throw new RequestRefusedException("bad-value", $"The log level is `{value}`; allowed are {string.Join(", ", Allowed)}.");
                logLevel.MinimumLevel = level;
            }
            return new JsonObject { ["log_level"] = logLevel.MinimumLevel.ToString() };
        })
    { TakesValue = true };
}
