using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>`/healthz` shows that the process responds. `/readyz` shows whether camera, model and outbox work; with status 503 it says which does not.</summary>
sealed class HealthRoutes(DeviceReport report) : RouteModule
{
    public const string Live = "/healthz";

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Live, () => TypedResults.Text("ok\n")).WithSummary("Whether the process responds");
        app.MapGet("/readyz", Ready)
            .WithSummary("Whether camera, model and outbox work")
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    JsonHttpResult<Readiness> Ready()
    {
        DeviceState now = report.Now();
        ReadinessCheck camera = now.Camera.State switch
        {
            "working" => new(true, "working"),
            "failing" => new(false, now.Camera.Message ?? "failing"),
            _ => new(now.IntervalS is null, now.Camera.Message ?? "no picture yet"),
        };
        ReadinessCheck outbox = new(now.Outbox.Problem is null, now.Outbox.Problem ?? "open");
        ReadinessCheck model = new(now.ModelProblem is null, $"{now.Model.Name} {now.Model.Version}{(now.ModelProblem is { } problem ? $": {problem}" : "")}");
        bool ready = camera.Ok && model.Ok && outbox.Ok;
        return TypedResults.Json(new Readiness(ready, camera, model, outbox), WebJson.Answers.Readiness, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

sealed record Readiness(bool Ready, ReadinessCheck Camera, ReadinessCheck Model, ReadinessCheck Outbox);

/// <param name="Detail">Explanation for people.</param>
sealed record ReadinessCheck(bool Ok, string Detail);
