using System.Globalization;
using System.Text.Json.Serialization;
using EdgeShelf.Models;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/planogram` and `/api/products`: what belongs in each slot.</summary>
/// <param name="knownLabels">The labels that were taught or that the model in use knows.</param>
/// <param name="taught">The products that were taught, with their names.</param>
sealed class PlanogramRoutes(PlanStore plan, ActiveModel models, Func<IReadOnlyCollection<string>> knownLabels, ExampleStore taught, TimeProvider clock) : RouteModule
{
    readonly PlanAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/planogram");
        api.MapGet("", Get)
            .WithSummary("The planogram in force")
            .WithDescription("The document of planogram.schema.json, or with `Accept: text/csv` a table; `?spreadsheet=true` writes it with semicolons. The ETag is the revision.")
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("", PutAsync)
            .WithSummary("Replace the planogram")
            .WithDescription("Takes the document of planogram.schema.json, or a table with `?name=…&version=…`. All problems are named in `problems`; then the old planogram stays. One whose `valid_from` lies in the future waits.")
            .AddOpenApiOperationTransformer(ApiDescription.DescribeBody(PlanAnswers.Json, PlanAnswers.Csv))
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesChangeProblems();
        api.MapGet("/history", History).WithSummary("The planograms that are kept, newest first, and the one that waits for its time");
        api.MapPost("/rollback", RollbackAsync)
            .WithSummary("Put an earlier planogram in force again")
            .WithDescription("`{\"revision\":3}`; without a body the one before.")
            .AddOpenApiOperationTransformer(ApiDescription.DescribeBody(PlanAnswers.Json))
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesChangeProblems();
        api.MapGet("/next", (HttpContext http) => plan.NextPlanogramDocument is { } next ? PlanAnswers.Document(http, next) : NoneWaits())
            .WithSummary("The planogram that waits for its time")
            .Produces(StatusCodes.Status200OK, contentType: PlanAnswers.Json)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/next", (HttpContext http, CancellationToken cancellationToken) =>
                _answers.ChangeAsync(http, [PlanAnswers.Json], (_, _) => plan.CancelNext(PlanSource.Page) ? TypedResults.NoContent() : NoneWaits(), cancellationToken))
            .WithSummary("Forget the planogram that waits for its time")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesChangeProblems();
        app.MapGet("/api/products", Products)
            .WithSummary("The products that a slot can expect")
            .WithDescription($"Those of the planogram first, then the taught ones and those of the model in use. `search` is for words of label, name, SKU and GTIN. At most {ProductList.MaxFound}.");
    }

    IResult Get(HttpContext http, bool? spreadsheet)
    {
        if (plan.PlanogramDocument is not { } document)
            return Problems.Of(StatusCodes.Status404NotFound, "no-planogram", "There is no planogram.", "PUT /api/planogram sets one.");
        return PlanAnswers.WantsCsv(http.Request)
            ? PlanAnswers.Table(http, PlanogramCsv.Write(document.Planogram, spreadsheet == true), "planogram.csv")
            : PlanAnswers.Document(http, document);
    }

    Task<IResult> PutAsync(HttpContext http, string? name, string? version, CancellationToken cancellationToken) => _answers.ChangeAsync(http, [PlanAnswers.Json, PlanAnswers.Csv], (body, type) =>
    {
        PlanogramDocument wanted = type == PlanAnswers.Csv
            ? PlanogramCsv.Read(body, "the table", name ?? plan.Planogram?.Name ?? PlanogramCsv.UsualName, version ?? clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), null)
            : PlanogramDocument.Parse(body);
        PlanogramDocument set = plan.SetPlanogram(wanted with { IfRevision = PlanAnswers.IfMatch(http.Request) ?? wanted.IfRevision }, PlanSource.Page);
        return PlanAnswers.Document(http, set, [.. wanted.Notes, .. plan.WarningsOf(set.Planogram)]);
    }, cancellationToken);

    Ok<PlanogramHistory> History() => TypedResults.Ok(new PlanogramHistory(
        [.. plan.PlanogramHistory().Select(kept => new PlanogramVersion(kept.Number, kept.Planogram.Name, kept.Planogram.Version, kept.ChangedAt, kept.ChangedBy, kept.Planogram.Positions.Count))],
        plan.NextPlanogram is { } next ? new PlanogramToCome(next.Name, next.Version, next.ValidFrom!.Value) : null));

    Task<IResult> RollbackAsync(HttpContext http, CancellationToken cancellationToken) => _answers.ChangeAsync(http, [PlanAnswers.Json], (body, _) =>
    {
        PlanogramDocument set = plan.RollbackPlanogram(RollbackBody.Parse(body, PlanProblemsException.BadPlanogram, "revision"), PlanSource.Page);
        return PlanAnswers.Document(http, set, plan.WarningsOf(set.Planogram));
    }, cancellationToken);

    static ProblemHttpResult NoneWaits() => Problems.Of(StatusCodes.Status404NotFound, "no-planogram", "No planogram waits for its time.", "See /api/planogram for the one in force.");

    Ok<ProductAnswer> Products(string? search)
    {
        ExampleState now = taught.Now;
        Dictionary<string, int> counts = now.Examples.GroupBy(example => example.Label).ToDictionary(group => group.Key, group => group.Count());
        IEnumerable<Product> known = [.. now.Products.Values, .. OfTheModel(), .. knownLabels().Select(label => new Product(label, null, null, null))];
        return TypedResults.Ok(new ProductAnswer([.. ProductList.Find(search, plan.Planogram, known)
            .Select(product => new ProductEntry(product.Label, product.Name, product.Sku, product.Gtin, counts.GetValueOrDefault(product.Label)))]));
    }

    IEnumerable<Product> OfTheModel()
    {
        using ModelLease lease = models.Rent();
        return lease.Model.Labels.Select(label => new Product(label.Label, label.Name, label.Sku, null));
    }
}

/// <param name="Next">The planogram that waits for its time, or null.</param>
sealed record PlanogramHistory(IReadOnlyList<PlanogramVersion> Versions, PlanogramToCome? Next);

/// <param name="Version">The version that the sender gave.</param>
/// <param name="Positions">The number of positions.</param>
sealed record PlanogramVersion(int Revision, string Name, string Version, [property: JsonConverter(typeof(NullableUtcJsonConverter))] DateTimeOffset? At, string? By, int Positions);

sealed record PlanogramToCome(string Name, string Version, [property: JsonConverter(typeof(UtcJsonConverter))] DateTimeOffset ValidFrom);

sealed record ProductAnswer(IReadOnlyList<ProductEntry> Products);
