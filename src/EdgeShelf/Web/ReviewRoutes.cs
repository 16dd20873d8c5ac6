using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/review`: what the device asks a person, and the answers.</summary>
sealed class ReviewRoutes(ReviewQueue queue, Reviewer reviewer, ExampleStore examples, PlanStore plan, ShelfMetrics metrics, TimeProvider clock) : RouteModule
{
    readonly TeachingAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/review");
        api.MapGet("", (HttpContext http, string? reason, string? slot, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => List(http, reason, slot), cancellationToken))
            .WithSummary("What waits for a person, and how often the device was right")
            .WithDescription($"The newest first. `reason` is one of {string.Join(", ", ReviewReasons.All.Select(reason => $"`{reason}`"))}; `slot` is the name of a slot, or `shelf` for whole pictures.")
            .Produces<ReviewDocument>();
        api.MapGet("/{id:long}/crop.jpg", Crop)
            .WithSummary("The picture of something that waits")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body => AnswerAsync(http, body, cancellationToken), cancellationToken))
            .WithSummary("Answer for some of what waits")
            .WithDescription("`{\"ids\":[3,4],\"answer\":\"confirm\"}`: the device was right. `\"correct\"` with `label` (and `name`, `sku`, `gtin` of a new product) or with `\"expected\":true`; `\"empty\"`; `\"not-a-product\"`; `\"skip\"`: it is not asked again. "
                + "What is named becomes an example, all in one step. What would make the device worse is answered with 409 and `effect`, and taken with `\"confirm\":true`; `\"move\":true` gives an example that shows the same under another label this label.")
            .Produces<ReviewOutcomeDocument>()
            .ProducesChangeProblems()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/undo", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body => Undo(http, body), cancellationToken))
            .WithSummary("Take answers back: they wait again, and what they taught is forgotten")
            .WithDescription("`{\"turn\":12}`, as the answer named it. 409 if something was taught after it.")
            .Produces<ReviewDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    ReviewDocument List(HttpContext http, string? reason, string? slot)
    {
        if (reason is not null && !ReviewReasons.All.Contains(reason))
            throw new TeachingException(TeachingException.BadRequest, $"There is no reason {Platform.PlainText.Shown(reason, 40)}.", $"The reasons are {string.Join(", ", ReviewReasons.All)}.");
        http.Response.Headers.CacheControl = "no-store";
        ReviewState now = queue.Now;
        Planogram? planogram = plan.Planogram;
        ExampleState taught = examples.Now;
        return new ReviewDocument(now.Waiting.Count, queue.IsOn ? [.. queue.Weeks().Select(ReviewWeekDocument.Of)] : [],
        [
            .. now.Waiting.Reverse().Where(entry => (reason is null || entry.Reason == reason) && (slot is null || entry.Slot == slot))
                .Select(entry => ReviewEntryDocument.Of(entry, queue.SeenOf(entry), NameOf)),
        ]);

        string? NameOf(string label) => planogram?.Products.FirstOrDefault(product => product.Label == label)?.Name ?? taught.Products.GetValueOrDefault(label)?.Name;
    }

    async Task<object> AnswerAsync(HttpContext http, byte[] body, CancellationToken cancellationToken)
    {
        ReviewOutcome outcome = await reviewer.AnswerAsync(TeachingBody.Review(body, ExampleRoutes.SourceOf(http)), cancellationToken);
        foreach (ReviewAnswer answer in outcome.Answers)
            metrics.ReviewAnswered(answer.Answer, answer.IsRight);
        return ReviewOutcomeDocument.Of(outcome, queue.Now.Waiting.Count);
    }

    ReviewDocument Undo(HttpContext http, byte[] body)
    {
        reviewer.TakeBack(TeachingBody.Turn(body));
        return List(http, null, null);
    }

    IResult Crop(HttpContext http, long id)
    {
        try
        {
            if (!queue.IsOn || queue.Crop(id) is not { } crop)
                return Problems.Of(StatusCodes.Status404NotFound, TeachingException.NotFound, $"There is no picture {id} in the review queue.", "See /api/review for what waits.");
            // An id is never used twice, so its picture never changes.
            http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
            return TypedResults.Bytes(crop, "image/jpeg");
        }
        catch (TeachingException problem)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, problem.Code, problem.Message, problem.Hint);
        }
    }
}
