using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Plan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EdgeShelf.Web;

/// <summary>Creates errors as RFC 9457 problem details: `code` is stable and for programs; `detail` and `hint` are for people.</summary>
static class Problems
{
    public static ProblemHttpResult Of(int status, string code, string detail, string hint) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code, ["hint"] = hint });

    public static ProblemHttpResult Of(PictureException problem, string? name) =>
        Of(problem.Code == "too-large" ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity, problem.Code, name is null ? problem.Message : $"{name}: {problem.Message}", problem.Hint);

    /// <summary>Adds `code`, `detail` and `hint` to a problem that the web server answers by itself, such as 404 for a path that no route has.</summary>
    public static void Complete(ProblemDetails problem)
    {
        if (problem.Extensions.ContainsKey("code"))
            return;
        (string code, string detail, string hint) = problem.Status switch
        {
            StatusCodes.Status400BadRequest => ("bad-request", "The request is not understood.", "See /openapi.json for what the route takes."),
            StatusCodes.Status404NotFound => ("not-found", "There is nothing at this address.", "See /openapi.json for the addresses that there are."),
            StatusCodes.Status405MethodNotAllowed => ("wrong-method", "This address does not take the method of the request.", "The header `Allow` names the methods that it takes."),
            StatusCodes.Status413PayloadTooLarge => ("too-large", "The request is too large.", "Send a smaller one."),
            StatusCodes.Status415UnsupportedMediaType => ("wrong-type", "The body has a Content-Type that the route does not take.", "See /openapi.json for the types that it takes."),
            >= StatusCodes.Status500InternalServerError => ("internal", "The device made a mistake with this request.", "The log has the details: `journalctl -u edgeshelf`."),
            _ => ("refused", "The request was refused.", "See /openapi.json for what the route takes."),
        };
        problem.Extensions["code"] = code;
        problem.Detail ??= detail;
        problem.Extensions["hint"] = hint;
    }

    /// <summary>Creates a response with every problem of a document in `problems`.</summary>
    public static ProblemHttpResult Of(PlanProblemsException problem) => TypedResults.Problem(
        problem.Message, statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?> { ["code"] = problem.Code, ["hint"] = problem.Hint, ["problems"] = problem.Problems });

    /// <summary>Adds what every route that changes a document may answer to the API's description.</summary>
    public static RouteHandlerBuilder ProducesChangeProblems(this RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>Creates a response with status 429 and a Retry-After header.</summary>
    public static ProblemHttpResult Busy(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Of(StatusCodes.Status429TooManyRequests, "busy", detail, "Try again in a second.");
    }
}
