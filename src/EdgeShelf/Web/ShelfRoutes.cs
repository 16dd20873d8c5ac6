using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Web.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/`: results and state of the device, for the page and for programs.</summary>
sealed class ShelfRoutes(DeviceReport report, ShelfHistory history, DayHistory day, CaptureQueue queue, StateStream stream, TimeProvider clock) : RouteModule
{
    static readonly TimeSpan CaptureWithin = TimeSpan.FromMinutes(2);

    /// <summary>Maximum number of captures on request that wait at a time. It is small, so that there is always room for the timer in the queue.</summary>
    readonly RequestPermits _captures = new(2);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api");
        api.MapGet("/state", () => TypedResults.Ok(report.Now())).WithSummary("An overview of the device");
        api.MapGet("/results", Results)
            .WithSummary("The last results, oldest first")
            .WithDescription($"Returns at most {ShelfHistory.Capacity} results since the service started. `after` is the sequence number of the last result that the client already has. Thumbnails are made of pictures that are taken within {ShelfHistory.LookedWithin.TotalMinutes:0} minutes after somebody asked.")
            .Produces<ResultList>();
        api.MapGet("/results/{seq:long}/thumbnail.jpg", ThumbnailOf)
            .WithSummary("A small picture of a result")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/frame.jpg", Frame)
            .WithSummary("The newest picture, as the camera gave it")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/capture", CaptureAsync)
            .WithSummary("Take a picture now, classify and publish it")
            .Produces<ResultDocument>()
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/state/stream", States)
            .WithSummary("Server-sent events: the state, at every change")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        // The route's first name, which suggested the events of `…/event`. It is kept so that programs that use it continue to work.
        api.MapGet("/events", States)
            .WithSummary("The same as /api/state/stream, by its first name")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    Ok<ResultList> Results(long? after)
    {
        history.Looked();
        PastResult[] wanted = [.. history.OldestFirst.Where(past => past.Result.Seq > (after ?? 0))];
        return TypedResults.Ok(new ResultList(
            [.. wanted.Select(past => ResultDocument.Of(past.Result))],
            [.. wanted.Where(past => past.Thumbnail is not null).Select(past => past.Result.Seq)],
            [.. wanted.Select(past => past.Result.Seq).Intersect(day.KnownSeqs)]));
    }

    IResult ThumbnailOf(HttpContext http, long seq)
    {
        history.Looked();
        if (history.OldestFirst.FirstOrDefault(past => past.Result.Seq == seq)?.Thumbnail is not { } thumbnail)
            return Problems.Of(StatusCodes.Status404NotFound, "no-result", $"There is no small picture {seq} among the last {ShelfHistory.Capacity} results.", "`pictures` of /api/results names those that there are. /api/history has the pictures of the day.");
        // A sequence number is never used twice, so its picture never changes.
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return TypedResults.Bytes(thumbnail, "image/jpeg");
    }

    IResult Frame(HttpContext http)
    {
        history.Looked();
        if (history.Latest is not { } latest)
            return Problems.Of(StatusCodes.Status404NotFound, "no-picture", "No picture has been taken since the service started.", "POST /api/capture takes one.");
        http.Response.Headers.CacheControl = "no-cache";
        ReadOnlyMemory<byte> bytes = latest.Whole.Value;
        string type = bytes.Span is [0x89, ..] ? "image/png" : "image/jpeg";
        return TypedResults.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{latest.Seq}\""));
    }

    async Task<IResult> CaptureAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using IDisposable? permit = _captures.TryTake(http);
        if (permit is null || !queue.TryRequest(Trigger.Http, out Task<CommittedResult>? outcome))
            return Problems.Busy(http, "Other captures wait already.");
        try
        {
            return TypedResults.Ok(ResultDocument.Of(await outcome.WaitAsync(CaptureWithin, clock, cancellationToken)));
        }
        catch (TimeoutException)
        {
            return Problems.Of(StatusCodes.Status504GatewayTimeout, "timeout", $"There was no picture within {CaptureWithin.TotalSeconds:0} s.", "See /api/state for what the camera does.");
        }
        catch (EdgeShelfException problem)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, problem.Code, problem.Message, problem.Hint);
        }
    }

    IResult States(HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return stream.TryListen(http, cancellationToken) is { } events
            ? TypedResults.ServerSentEvents(events)
            : Problems.Busy(http, "Too many pages listen already.");
    }
}

/// <param name="Pictures">The sequence numbers of the results that have a thumbnail. One is made while somebody looks.</param>
/// <param name="Kept">The sequence numbers of the results whose picture `/api/history` keeps.</param>
sealed record ResultList(IReadOnlyList<ResultDocument> Results, IReadOnlyList<long> Pictures, IReadOnlyList<long> Kept);
