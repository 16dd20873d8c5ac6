using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Documents;
using Microsoft.AspNetCore.Http;

namespace EdgeShelf.Web;

/// <summary>What the routes of examples and products share: bodies, the number of changes at a time, and problems.</summary>
sealed class TeachingAnswers(TimeProvider clock)
{
    static readonly string[] Json = ["application/json"];

    /// <summary>The maximum number of requests at a time. Each may compare all examples with each other.</summary>
    readonly RequestPermits _permits = new(4);

    /// <summary>Reads the body, does the work, and answers each problem with its own status.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, Func<byte[], Task<object>> work, CancellationToken cancellationToken)
    {
        using IDisposable? permit = _permits.TryTake(http);
        if (permit is null)
            return Problems.Busy(http, "Too many changes are under way already.");
        try
        {
            byte[] body = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method)
                ? []
                : (await new BodyReader(clock).ReadAsync(http.Request, TeachingBody.MaxBytes, Json, cancellationToken)).Bytes;
            return TypedResults.Ok(await work(body));
        }
        catch (UploadException problem)
        {
            return Problems.Of(problem.Status, problem.Code, problem.Message, problem.Hint);
        }
        catch (WorseException problem)
        {
            return TypedResults.Problem(problem.Message, statusCode: StatusCodes.Status409Conflict, extensions: new Dictionary<string, object?>
            {
                ["code"] = problem.Code,
                ["hint"] = problem.Hint,
                ["effect"] = EffectDocument.Of(problem.Effect),
            });
        }
        catch (TeachingException problem)
        {
            return TypedResults.Problem(problem.Message, statusCode: StatusOf(problem), extensions: new Dictionary<string, object?>
            {
                ["code"] = problem.Code,
                ["hint"] = problem.Hint,
                ["not_added"] = problem.NotTaught.Select(NotAddedDocument.Of).ToArray(),
            });
        }
        catch (EdgeShelfException problem)
        {
            // The model or the network: nothing was changed, and the device reports them too.
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, problem.Code, problem.Message, problem.Hint);
        }
    }

    public Task<IResult> AnswerAsync(HttpContext http, Func<byte[], object> work, CancellationToken cancellationToken) =>
        AnswerAsync(http, body => Task.FromResult(work(body)), cancellationToken);

    static int StatusOf(TeachingException problem) => problem.Code switch
    {
        TeachingException.BadRequest => StatusCodes.Status400BadRequest,
        TeachingException.NotFound => StatusCodes.Status404NotFound,
        TeachingException.BadProduct or TeachingException.NothingTaught => StatusCodes.Status422UnprocessableEntity,
        TeachingException.ExamplesNotKept or TeachingException.ReviewNotKept => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };
}
