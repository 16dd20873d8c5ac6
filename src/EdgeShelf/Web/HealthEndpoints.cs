using EdgeShelf.Recognition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>`/healthz`: the process answers. `/readyz`: camera, model and outbox do their work; 503 says which does not.</summary>
static class HealthEndpoints
{
    public const string Live = "/healthz";

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet(Live, () => TypedResults.Text("ok\n")).WithSummary("Whether the process answers");
        app.MapGet("/readyz", Ready)
            .WithSummary("Whether camera, model and outbox work")
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    static JsonHttpResult<Readiness> Ready(DeviceReport report, ShelfClassifier classifier)
    {
        DeviceState now = report.Now();
        // A result that could not be kept is the disk's fault, though it is told where the camera's failures are.
        bool outboxFailed = now.Camera is { State: "failing", Code: ShelfWorker.OutboxFailed };
        ReadinessCheck camera = now.Camera.State switch
        {
            "working" => new(true, "working"),
            "failing" when outboxFailed => new(true, "working; its pictures cannot be kept"),
            "failing" => new(false, now.Camera.Message ?? "failing"),
            _ => new(now.IntervalS is null, "no picture yet"),
        };
        string? outboxProblem = now.Outbox.Problem ?? (outboxFailed ? now.Camera.Message : null);
        ReadinessCheck outbox = new(outboxProblem is null, outboxProblem ?? "open");
        ReadinessCheck model = new(true, $"{classifier.Model.Info.Name} {classifier.Model.Info.Version}");
        bool ready = camera.Ok && model.Ok && outbox.Ok;
        return TypedResults.Json(new Readiness(ready, camera, model, outbox), statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

sealed record Readiness(bool Ready, ReadinessCheck Camera, ReadinessCheck Model, ReadinessCheck Outbox);

/// <param name="Detail">For people.</param>
sealed record ReadinessCheck(bool Ok, string Detail);
