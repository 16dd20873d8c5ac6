using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Teaching.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/model`: what is in use, train a model from the examples, use a model, take that back.</summary>
sealed class ModelRoutes(ActiveModel models, TrainingJob job, ExampleStore store, TimeProvider clock) : RouteModule
{
    const string Refused = "model-refused";

    readonly TeachingAnswers _answers = new(clock);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/model");
        api.MapGet("", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => Document(), cancellationToken))
            .WithSummary("The model in use, its predecessor, and the training")
            .Produces<ModelUseDocument>();
        api.MapPost("/train", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body =>
            {
                job.Start(TeachingBody.Training(body));
                return Document();
            }, cancellationToken))
            .WithSummary("Train a model from the examples")
            .WithDescription("It runs in a process of its own at the lowest priority; `GET /api/model` shows how far it is. The model is kept and put in use only if it names left-out examples better than likeness does. `{\"only_taught\":true}` leaves out the labels of the model in use.")
            .Produces<ModelUseDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("/train", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, async _ =>
            {
                await job.CancelAsync();
                return Document();
            }, cancellationToken))
            .WithSummary("Cancel the training; without one, nothing happens")
            .Produces<ModelUseDocument>();
        api.MapPost("/use", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, body => Choose(() => models.Use(Existing(TeachingBody.ModelName(body)))), cancellationToken))
            .WithSummary("Put a model in use, from the next picture on")
            .WithDescription("`{\"name\":\"shelf-0001\"}`, as `edgeshelf model list` shows it. It is loaded and checked on its golden picture first; if it is refused, the old one stays in use.")
            .Produces<ModelUseDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/rollback", (HttpContext http, CancellationToken cancellationToken) => _answers.AnswerAsync(http, _ => Choose(models.Rollback), cancellationToken))
            .WithSummary("Put back the model that was in use before; a second time undoes the first")
            .Produces<ModelUseDocument>()
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    ModelUseDocument Document() => ModelUseDocument.Of(models, job, store.Now.Examples.Length);

    string Existing(string name) => models.Exists(name)
        ? name
        : throw new TeachingException(TeachingException.NotFound, $"There is no model {Platform.PlainText.Shown(name, 60)}.", "`edgeshelf model list` shows those that there are.");

    ModelUseDocument Choose(Func<ModelInfo> choose)
    {
        try
        {
            choose();
            return Document();
        }
        catch (ConfigurationException problem)
        {
            // It did not pass its checks, or there is none to go back to; nothing was changed.
            throw new TeachingException(Refused, problem.Message, problem.Hint, problem);
        }
    }
}
