using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using Serilog.Core;
using Serilog.Events;

namespace EdgeShelf.Publish.Requests;

/// <summary>Does what a request asks and says how it went. What goes wrong becomes an error response, nothing else.</summary>
sealed class RequestHandler(CaptureQueue queue, StateReporter state, CaptureInterval interval, LoggingLevelSwitch logLevel, TimeProvider clock)
{
    /// <summary>A capture waits for those before it; beyond this the asker hears an error, the picture may still come.</summary>
    public static readonly TimeSpan CaptureLimit = TimeSpan.FromMinutes(2);

    public static readonly string[] Commands = ["capture", "status", "interval", "log-level"];

    readonly RequestLimiter _limiter = new(clock);

    public async Task<ResponseDocument> AnswerAsync(string command, byte[] payload, CancellationToken cancellationToken)
    {
        if (!_limiter.TryEnter())
            return ResponseDocument.Failed("too-many-requests", $"Allowed are {RequestLimiter.Burst} requests at once and then one each {RequestLimiter.Refill.TotalSeconds:0} s.");
        if (!RequestDocument.TryParse(payload, out RequestDocument? request, out string? problem))
            return ResponseDocument.Failed("bad-request", problem);
        ResponseDocument response = command switch
        {
            "capture" => await CaptureAsync(cancellationToken),
            "status" => ResponseDocument.Ok(state.Now()),
            "interval" => ChangeInterval(request.Value),
            "log-level" => ChangeLogLevel(request.Value),
            _ => ResponseDocument.Failed("unknown-command", $"There is no command `{command}`; allowed are {string.Join(", ", Commands)}."),
        };
        return response with { Transaction = request.Transaction };
    }

    async Task<ResponseDocument> CaptureAsync(CancellationToken cancellationToken)
    {
        if (!queue.TryRequest(Trigger.Request, out Task<ResultDocument>? outcome))
            return ResponseDocument.Failed("busy", $"{CaptureQueue.Capacity} captures wait already.");
        try
        {
            return ResponseDocument.Ok(await outcome.WaitAsync(CaptureLimit, clock, cancellationToken));
        }
        catch (TimeoutException)
        {
            return ResponseDocument.Failed("timeout", $"There was no picture within {CaptureLimit.TotalSeconds:0} s.");
        }
        catch (EdgeShelfException failed)
        {
            return ResponseDocument.Failed(failed is CaptureException capture ? capture.Code : "failed", failed.Message);
        }
    }

    /// <summary>Seconds, or hours:minutes:seconds; until the next start. Without a value it tells what is in force.</summary>
    ResponseDocument ChangeInterval(string? value)
    {
        if (value is not null)
        {
            TimeSpan? wanted = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= CaptureInterval.Longest.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out TimeSpan time) ? time : null;
            if (wanted is null || !interval.TryChange(wanted.Value))
                return ResponseDocument.Failed(
                    "bad-value",
                    interval.Current == TimeSpan.Zero
                        ? "There is no timer by configuration (Capture:Interval, Capture:Folder:Watch), so its interval cannot be changed."
                        : $"The interval is `{value}`; allowed are {CaptureInterval.Shortest.TotalSeconds:0} to {CaptureInterval.Longest.TotalSeconds:0} seconds, or hours:minutes:seconds.");
        }
        return ResponseDocument.Ok(new { interval_s = interval.Current.TotalSeconds });
    }

    /// <summary>Until the next start. Without a value it tells what is in force.</summary>
    ResponseDocument ChangeLogLevel(string? value)
    {
        if (value is not null)
        {
            if (!Enum.TryParse(value, ignoreCase: true, out LogEventLevel level) || !LogLevels.Contains(level))
                return ResponseDocument.Failed("bad-value", $"The log level is `{value}`; allowed are {string.Join(", ", LogLevels)}.");
            logLevel.MinimumLevel = level;
        }
        return ResponseDocument.Ok(new { log_level = logLevel.MinimumLevel.ToString() });
    }

    static readonly LogEventLevel[] LogLevels = [LogEventLevel.Debug, LogEventLevel.Information, LogEventLevel.Warning, LogEventLevel.Error];
}
