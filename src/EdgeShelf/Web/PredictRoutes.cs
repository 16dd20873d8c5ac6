using System.Diagnostics;
using System.Globalization;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

/// <summary>`POST /predict` classifies uploaded pictures in the same way as the shelf's. Uploads and their results are not published.</summary>
sealed class PredictRoutes(ShelfClassifier classifier, ShelfMetrics metrics, TimeProvider clock, IOptions<PublishOptions> publish) : RouteModule
{
    /// <summary>Maximum number of requests at a time. One is being classified; the others wait with their pictures in memory.</summary>
    public const int MaxUploads = 8;

    readonly RequestPermits _uploads = new(MaxUploads);

    public override void Map(IEndpointRouteBuilder app) => app.MapPost("/predict", PredictAsync)
        .WithName("predict")
        .WithSummary("Classify pictures")
        .WithDescription($"One picture is answered with its result document. Several are answered with an array of documents in the same order; they run as one batch of at most {UploadReader.MaxPictures}. "
            + "Uploads are not published. The response's Server-Timing header says where the time went.")
        .AddOpenApiOperationTransformer(ApiDescription.DescribePictures)
        .Produces<UploadDocument>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status500InternalServerError)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    async Task<IResult> PredictAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using IDisposable? permit = _uploads.TryTake(http);
        if (permit is null)
        {
            metrics.PictureRefused("busy");
            return Problems.Busy(http, "Too many uploads are under way already.");
        }
        try
        {
            return await ClassifyAsync(http, cancellationToken);
        }
        catch (OutOfMemoryException)
        {
            // Other uploads and the camera's picture share the memory with this one.
            metrics.PictureRefused("out-of-memory");
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "out-of-memory", "The device has too little memory for this picture at the moment.", "Send it again later, or a smaller one.");
        }
    }

    async Task<IResult> ClassifyAsync(HttpContext http, CancellationToken cancellationToken)
    {
        IReadOnlyList<Frame> frames;
        try
        {
            frames = await new UploadReader(clock).ReadAsync(http.Request, cancellationToken);
        }
        catch (UploadException problem)
        {
            metrics.PictureRefused(problem.Code);
            return Problems.Of(problem.Status, problem.Code, problem.Message, problem.Hint);
        }
        try
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<ShelfResult> results = await classifier.ClassifyBatchAsync(frames, cancellationToken);
            TimeSpan total = Stopwatch.GetElapsedTime(started);
            foreach (ShelfResult result in results)
                metrics.PictureClassified(result);
            http.Response.Headers["Server-Timing"] = ServerTiming(results, total);
            UploadDocument[] documents = [.. results.Select((result, i) => UploadDocument.Of(result, frames[i], publish.Value.Device))];
            return documents.Length == 1 ? TypedResults.Ok(documents[0]) : TypedResults.Ok(documents);
        }
        catch (PictureException problem)
        {
            metrics.PictureRefused(problem.Code);
            return Problems.Of(problem, problem.Data["frame"] is int position ? frames[position].Name : null);
        }
        catch (NetworkException problem)
        {
            metrics.PictureRefused(problem.Code);
            return Problems.Of(StatusCodes.Status500InternalServerError, problem.Code, problem.Message, problem.Hint);
        }
    }

    /// <summary>Value of the Server-Timing header (W3C), in milliseconds. The part of the total that no stage used was spent waiting for the network.</summary>
    static string ServerTiming(IReadOnlyList<ShelfResult> results, TimeSpan total)
    {
        double Sum(Func<StageTimings, TimeSpan> stage) => results.Sum(result => stage(result.Timings).TotalMilliseconds);
        (double decode, double preprocess, double inference) = (Sum(timings => timings.Decode), Sum(timings => timings.Preprocess), Sum(timings => timings.Inference));
        double wait = Math.Max(0, total.TotalMilliseconds - decode - preprocess - inference);
        string cached = results.Any(result => result.Cached) ? ", cache;desc=hit" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"wait;dur={wait:0.0}, decode;dur={decode:0.0}, preprocess;dur={preprocess:0.0}, inference;dur={inference:0.0}, total;dur={total.TotalMilliseconds:0.0}{cached}");
    }
}
