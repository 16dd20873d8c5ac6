using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/products/{label}`: how well a product is taught; rename, merge, split and remove it. A `/` in a label is sent as `%2F`.</summary>
sealed class ProductRoutes(Teacher teacher, ProductEditor editor, ExampleStore store, TimeProvider clock) : RouteModule
{
    const string Prefix = "/api/products/";

    readonly TeachingAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup(Prefix + "{label}");
        api.MapGet("", (HttpContext http, string label, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => Show(LabelOf(http)), cancellationToken))
            .WithSummary("How well a product is taught")
            .WithDescription("Each example judged by the others, what it is taken for, what would help, suspected mislabelled examples, near duplicates, and labels that may be the same product.")
            .Produces<ProductDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPatch("", (HttpContext http, string label, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body =>
            {
                string from = LabelOf(http);
                (string to, var details, bool confirm) = TeachingBody.Patch(body, from, store.Now.Products.GetValueOrDefault(from));
                return LessonDocument.Of(editor.Rename(from, to, details, confirm));
            }, cancellationToken))
            .WithSummary("Rename a product, or change its name, SKU and GTIN")
            .WithDescription("`{\"label\":…,\"name\":…,\"sku\":…,\"gtin\":…}`; what is not given stays. 409 if the new label is taken, or if slots would no longer match (`\"confirm\":true` does it nevertheless).")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/merge", (HttpContext http, string label, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body =>
            {
                (string into, bool confirm) = TeachingBody.Merge(body);
                return LessonDocument.Of(editor.Merge(LabelOf(http), ProductText.Label(into), confirm));
            }, cancellationToken))
            .WithSummary("Make two products one")
            .WithDescription("`{\"into\":\"milk\"}`: all examples get that label.")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/split", (HttpContext http, string label, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body =>
            {
                (IReadOnlyList<long> examples, string to, var details, bool confirm) = TeachingBody.Split(body);
                return LessonDocument.Of(editor.Split(LabelOf(http), examples, to, details, confirm));
            }, cancellationToken))
            .WithSummary("Give some examples of a product another label")
            .WithDescription("`{\"examples\":[3,4],\"label\":\"cream\"}`, with `name`, `sku` and `gtin` for a new product.")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("", (HttpContext http, string label, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => LessonDocument.Of(editor.Remove(LabelOf(http))), cancellationToken))
            .WithSummary("Remove a product with all its examples")
            .Produces<LessonDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    ProductDocument Show(string label)
    {
        ProductFigures figures = teacher.Figures().Products.FirstOrDefault(product => product.Label == label) ?? throw new TeachingException(
            TeachingException.NotFound, $"There is no taught product {Platform.PlainText.Shown(label, 60)}.", "See /api/examples for those that there are.");
        return ProductDocument.Of(figures, store.Now);
    }

    /// <summary>The label as it was sent. The route's own value keeps `%2F`, and then cannot be told from a label with these three signs.</summary>
    static string LabelOf(HttpContext http)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string path = target.Split('?')[0];
        int at = path.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        return ProductText.Label(Uri.UnescapeDataString(at < 0 ? "" : path[(at + Prefix.Length)..].Split('/')[0]));
    }
}
