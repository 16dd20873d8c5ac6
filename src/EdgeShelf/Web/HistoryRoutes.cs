using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Web.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/history`: the pictures of the last day with their results.</summary>
sealed class HistoryRoutes(DayHistory history) : RouteModule
{
    /// <summary>The maximum number of results in an answer. An hour has at most 72, because pictures are kept at most every 50 seconds.</summary>
    const int MaxResults = 100;

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/history");
        api.MapGet("", (HttpContext http) => Answer(http, () => new HistoryHours([.. Hours()])))
            .WithSummary("The hours of the last day of which there are pictures, oldest first")
            .WithDescription("A picture is kept about once a minute. The pictures of a day survive a restart. `Web:MaxHistoryBytes` limits their size; with 0 none is kept.")
            .Produces<HistoryHours>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/results", (HttpContext http, string? from, string? to) => Results(http, from, to))
            .WithSummary("The results of the kept pictures of a time, oldest first")
            .WithDescription($"`from` and `to` are times as in RFC 3339, such as `2026-11-27T06:00:00Z`; `to` itself is left out. At most the last {MaxResults} of that time are returned.")
            .Produces<ResultList>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/{seq:long}/picture.jpg", Picture)
            .WithSummary("A kept picture, with a longer side of at most 800 pixels")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    IEnumerable<HistoryHour> Hours() => history.OldestFirst
        .GroupBy(picture => new DateTimeOffset(picture.At.Year, picture.At.Month, picture.At.Day, picture.At.Hour, 0, 0, TimeSpan.Zero))
        .OrderBy(hour => hour.Key)
        .Select(hour => new HistoryHour(hour.Key, hour.Count(), hour.Count(picture => picture.NeedsReview)));

    IResult Results(HttpContext http, string? from, string? to)
    {
        if (!TryParse(from, out DateTimeOffset begin) || !TryParse(to, out DateTimeOffset end))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad-request", "`from` and `to` are needed as times of RFC 3339.", "Send for example /api/history/results?from=2026-11-27T06:00:00Z&to=2026-11-27T07:00:00Z.");
        return Answer(http, () =>
        {
            IReadOnlyList<JsonElement> results = history.Results(begin, end, MaxResults);
            return new KeptResults(results, [], [.. results.Select(result => result.GetProperty("seq").GetInt64())]);
        });
    }

    IResult Picture(HttpContext http, long seq) => Answer(http, () =>
    {
        if (history.Jpeg(seq) is not { } jpeg)
            return Problems.Of(StatusCodes.Status404NotFound, "no-result", $"There is no kept picture {seq}.", "See /api/history for the hours that there are.");
        // A sequence number is never used twice, so its picture never changes.
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return TypedResults.Bytes(jpeg, "image/jpeg");
    });

    static IResult Answer(HttpContext http, Func<object> read)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return read() is var answer && answer is IResult result ? result : TypedResults.Ok(answer);
        }
        catch (IOException problem)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "history-unreadable", problem.Message, "Check with `df` that the volume has room and is not read-only.");
        }
    }

    static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}

/// <param name="Hours">The hours of which there are pictures, oldest first.</param>
sealed record HistoryHours(IReadOnlyList<HistoryHour> Hours);

/// <param name="From">The begin of the hour, in UTC.</param>
/// <param name="Pictures">The number of kept pictures of the hour.</param>
/// <param name="NeedReview">How many of them a person should look at.</param>
sealed record HistoryHour([property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset From, int Pictures, int NeedReview);

/// <summary>The same as <see cref="ResultList"/>, with the documents as they were written.</summary>
sealed record KeptResults(IReadOnlyList<JsonElement> Results, IReadOnlyList<long> Pictures, IReadOnlyList<long> Kept);
