using EdgeShelf.Capture;

namespace EdgeShelf.Publish;

/// <summary>Does what a request asks and says how it went. What goes wrong becomes an error response, nothing else.</summary>
sealed class RequestHandler(CaptureQueue queue, StateReporter state, TimeProvider clock)
{
    /// <summary>A capture waits for those before it; beyond this the asker hears an error, the picture may still come.</summary>
    public static readonly TimeSpan CaptureLimit = TimeSpan.FromMinutes(2);

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
            _ => ResponseDocument.Failed("unknown-command", $"There is no command `{command}`; allowed are capture, status."),
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
}
