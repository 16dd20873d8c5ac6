using System.Text.Json.Serialization;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Plan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/slots`: where the places of the bay are, and the picture on which they were drawn.</summary>
sealed class SlotRoutes(PlanStore plan, TimeProvider clock) : RouteModule
{
    readonly PlanAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/slots");
        api.MapGet("", Get)
            .WithSummary("The slots")
            .WithDescription("The document of slots.schema.json, or with `Accept: text/csv` a table; `?spreadsheet=true` writes it with semicolons and decimal commas. The ETag is the version.")
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json);
        api.MapPut("", PutAsync)
            .WithSummary("Replace the slots")
            .WithDescription("Takes the document of slots.schema.json or a table. All problems are named in `problems`; then the old slots stay. With `If-Match` or `if_version` a change on an older version is refused.")
            .AddOpenApiOperationTransformer(ApiDescription.DescribeBody(PlanAnswers.Json, PlanAnswers.Csv))
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesChangeProblems();
        api.MapGet("/history", History).WithSummary("The versions of the slots that are kept, newest first");
        api.MapPost("/rollback", RollbackAsync)
            .WithSummary("Put an earlier version in force again")
            .WithDescription("`{\"version\":6}`; without a body the version before.")
            .AddOpenApiOperationTransformer(ApiDescription.DescribeBody(PlanAnswers.Json))
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesChangeProblems();
        api.MapGet("/reference.jpg", Reference)
            .WithSummary("The picture on which the slots were drawn")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    IResult Get(HttpContext http, bool? spreadsheet) => PlanAnswers.WantsCsv(http.Request)
        ? PlanAnswers.Table(http, SlotsCsv.Write(plan.Slots, plan.Planogram, spreadsheet == true), "slots.csv")
        : PlanAnswers.Document(http, plan.SlotsDocument);

    Task<IResult> PutAsync(HttpContext http, CancellationToken cancellationToken) => _answers.ChangeAsync(http, [PlanAnswers.Json, PlanAnswers.Csv], (body, type) =>
    {
        SlotsDocument wanted = type == PlanAnswers.Csv ? SlotsCsv.Read(body, "the table") : SlotsDocument.Parse(body);
        bool labelsAreUsed = wanted.Labels.Count == 0 || plan.Planogram is null;
        SlotsDocument set = plan.SetSlots(wanted with { IfVersion = PlanAnswers.IfMatch(http.Request) ?? wanted.IfVersion }, PlanSource.Page);
        return PlanAnswers.Document(http, set, [.. wanted.Notes, .. labelsAreUsed ? Array.Empty<string>() : [SlotsCsv.LabelsNotUsed], .. plan.SlotWarnings()]);
    }, cancellationToken);

    Ok<SlotHistory> History() => TypedResults.Ok(new SlotHistory(
        [.. plan.SlotsHistory().Select(version => new SlotVersion(version.Number, version.ChangedAt, version.ChangedBy, version.Slots.Count))]));

    Task<IResult> RollbackAsync(HttpContext http, CancellationToken cancellationToken) => _answers.ChangeAsync(http, [PlanAnswers.Json], (body, _) =>
        PlanAnswers.Document(http, plan.RollbackSlots(RollbackBody.Parse(body, PlanProblemsException.BadSlots, "version"), PlanSource.Page), plan.SlotWarnings()), cancellationToken);

    IResult Reference(HttpContext http)
    {
        if (plan.ReferencePicture() is not { } picture || plan.Slots.Reference is not { } reference)
            return Problems.Of(StatusCodes.Status404NotFound, "no-reference", "The slots have no reference picture yet.", "The next usable picture becomes the reference when there are slots.");
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(picture, picture is [0x89, ..] ? "image/png" : "image/jpeg", entityTag: new EntityTagHeaderValue($"\"{reference.Sha256}\""));
    }
}

sealed record SlotHistory(IReadOnlyList<SlotVersion> Versions);

/// <param name="Slots">The number of slots.</param>
sealed record SlotVersion(int Version, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? At, string? By, int Slots);
