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
using Microsoft.AspNetCore.Http.HttpResults;
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
            + "If one of several cannot be read, the answer is its problem, with the documents of the others in `results` (null for the bad ones) and each bad picture in `problems`. Uploads are not published. The response's Server-Timing header says where the time went.")
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
            BatchResult batch = await classifier.ClassifyBatchAsync(frames, cancellationToken);
            TimeSpan total = Stopwatch.GetElapsedTime(started);
            ShelfResult[] results = [.. batch.Results.OfType<ShelfResult>()];
            foreach (ShelfResult result in results)
                metrics.PictureClassified(result);
            foreach (PictureException problem in batch.Problems.OfType<PictureException>())
                metrics.PictureRefused(problem.Code);
            if (results.Length > 0)
                http.Response.Headers["Server-Timing"] = ServerTiming(results, total);
            UploadDocument?[] documents = [.. batch.Results.Select((result, i) => result is null ? null : UploadDocument.Of(result, frames[i], publish.Value.Device))];
            if (results.Length < frames.Count)
                return Refusal(batch, frames, documents);
            return documents.Length == 1 ? TypedResults.Ok(documents[0]) : TypedResults.Ok(documents);
        }
        catch (NetworkException problem)
        {
            metrics.PictureRefused(problem.Code);
            return Problems.Of(StatusCodes.Status500InternalServerError, problem.Code, problem.Message, problem.Hint);
        }
    }

    /// <summary>
    /// The problem of the first picture that cannot be read. If there are several pictures, `results` has the documents of the others, so that one bad file does not throw good
    /// answers away, and `problems` says what is wrong with each bad one.
    /// </summary>
    static ProblemHttpResult Refusal(BatchResult batch, IReadOnlyList<Frame> frames, UploadDocument?[] documents)
    {
        int first = Enumerable.Range(0, frames.Count).First(i => batch.Problems[i] is not null);
        ProblemHttpResult refusal = Problems.Of(batch.Problems[first]!, frames[first].Name);
        if (frames.Count > 1)
        {
            refusal.ProblemDetails.Extensions["results"] = documents;
            refusal.ProblemDetails.Extensions["problems"] = batch.Problems.Select((problem, i) => problem is null ? null : new PictureProblem(i, frames[i].Name, problem.Code, problem.Message, problem.Hint)).OfType<PictureProblem>().ToArray();
        }
        return refusal;
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

/// <param name="Picture">The position of the picture in the form, from 0.</param>
/// <param name="Name">The name of its file, or null.</param>
sealed record PictureProblem(int Picture, string? Name, string Code, string Detail, string Hint);
