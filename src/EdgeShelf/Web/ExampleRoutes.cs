using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/examples`: teach, look at what was taught, take it back.</summary>
sealed class ExampleRoutes(Teacher teacher, ProductEditor editor, ExampleStore store, TimeProvider clock) : RouteModule
{
    readonly TeachingAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/examples");
        api.MapGet("", List)
            .WithSummary("The examples and products that were taught, and the changes that can be taken back");
        api.MapGet("/figures", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => Figures(), cancellationToken))
            .WithSummary("How well each product is taught")
            .WithDescription("The document of `/api/products/{label}` for each product that was taught.")
            .Produces<FigureList>();
        api.MapPost("", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(
                http, async body => (object)LessonDocument.Of(await teacher.TeachAsync(TeachingBody.Lesson(body, SourceOf(http)), cancellationToken)), cancellationToken))
            .WithSummary("Teach what the last picture shows in some slots")
            .WithDescription("`{\"slots\":[\"2-01\"],\"label\":\"milk\"}`, with `name`, `sku` and `gtin` for a new product; `\"label\":\"empty\"` for places without goods; `\"expected\":true` instead of a label: everything is in its place. "
                + "What would make the device worse is answered with 409 and `effect`, and taken with `\"confirm\":true`. `\"move\":true` gives an example that shows the same under another label this label.")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/preview", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(
                http, async body => (object)LessonDocument.Of(await teacher.PreviewAsync(TeachingBody.Lesson(body, SourceOf(http)), cancellationToken)), cancellationToken))
            .WithSummary("What teaching the same would change; nothing is changed")
            .Produces<LessonDocument>();
        api.MapPost("/undo", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(
                http, body => StepDocument.Of(store.Undo(TeachingBody.Undo(body)))!, cancellationToken))
            .WithSummary("Take the last change back")
            .WithDescription($"`{{\"step\":12}}` makes sure that it is this one: another one is answered with 409. The last {UndoJournal.Kept} changes can be taken back, one by one.")
            .Produces<StepDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("/{id:long}", (HttpContext http, long id, CancellationToken cancellationToken) => _answers.AnswerAsync(
                http, _ => LessonDocument.Of(editor.RemoveExamples([id])), cancellationToken))
            .WithSummary("Remove an example")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/{id:long}/crop.jpg", Crop)
            .WithSummary("The picture of an example")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    Ok<ExampleList> List(string? label)
    {
        ExampleState now = store.Now;
        return TypedResults.Ok(new ExampleList(
            [.. now.Examples.Where(example => label is null || example.Label == label).Select(ExampleDocument.Of)],
            ProductEntry.All(now), [.. now.Steps.Reverse().Select(step => StepDocument.Of(step)!)], store.Pending));
    }

    FigureList Figures()
    {
        ExampleState now = store.Now;
        return new FigureList([.. teacher.Figures().Products.Select(figures => ProductDocument.Of(figures, now))]);
    }

    IResult Crop(HttpContext http, long id)
    {
        try
        {
            if (store.Crop(id) is not { } crop)
                return Problems.Of(StatusCodes.Status404NotFound, TeachingException.NotFound, $"There is no example {id}.", "See /api/examples for those that there are.");
            // An id is never used twice, so its picture never changes.
            http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
            return TypedResults.Bytes(crop, "image/jpeg");
        }
        catch (TeachingException problem)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, problem.Code, problem.Message, problem.Hint);
        }
    }

    /// <summary>A browser says where a request came from; programs do not.</summary>
    internal static string SourceOf(HttpContext http) => http.Request.Headers.ContainsKey("Sec-Fetch-Site") ? ExampleSources.Page : ExampleSources.Http;
}

/// <param name="Steps">The changes that can be taken back, the last one first.</param>
/// <param name="Pending">The number of examples that are not compared yet, because the model changed and their descriptors are made anew.</param>
sealed record ExampleList(IReadOnlyList<ExampleDocument> Examples, IReadOnlyList<ProductEntry> Products, IReadOnlyList<StepDocument> Steps, int Pending);

sealed record FigureList(IReadOnlyList<ProductDocument> Products);
