using EdgeShelf.Pictures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeShelf.Web;

/// <summary>Errors as RFC 9457 problem details: `code` is stable, for machines; `detail` and `hint` are for people.</summary>
static class Problems
{
    public static ProblemHttpResult Of(int status, string code, string detail, string hint) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code, ["hint"] = hint });

    public static ProblemHttpResult Of(PictureException problem, string? name) =>
        Of(problem.Code == "too-large" ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity, problem.Code, name is null ? problem.Message : $"{name}: {problem.Message}", problem.Hint);

    /// <summary>429 with when to come again.</summary>
    public static ProblemHttpResult Busy(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Of(StatusCodes.Status429TooManyRequests, "busy", detail, "Try again in a second.");
    }
}
