using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>What the routes of slots and planogram share: bodies, versions and problems.</summary>
/// <param name="maxChanges">The maximum number of changes at a time. They are made one after the other, and each waits with its document in memory.</param>
sealed class PlanAnswers(TimeProvider clock, int maxChanges = 4)
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";

    /// <summary>The maximum size of a document, in bytes.</summary>
    public const int MaxBodyBytes = 1_000_000;

    readonly RequestPermits _changes = new(maxChanges);

    /// <summary>Reads the body, makes a change, and answers each problem with its own status.</summary>
    /// <param name="types">The media types that are accepted.</param>
    /// <param name="change">Makes the change of the body, which is of the given media type.</param>
    public async Task<IResult> ChangeAsync(HttpContext http, string[] types, Func<byte[], string, IResult> change, CancellationToken cancellationToken)
    {
        using IDisposable? permit = _changes.TryTake(http);
        if (permit is null)
            return Problems.Busy(http, "Too many changes are under way already.");
        try
        {
            (byte[] body, string type) = await new BodyReader(clock).ReadAsync(http.Request, MaxBodyBytes, types, cancellationToken);
            return change(body, type);
        }
        catch (UploadException problem)
        {
            return Problems.Of(problem.Status, problem.Code, problem.Message, problem.Hint);
        }
        catch (PlanProblemsException problem)
        {
            return Problems.Of(problem);
        }
        catch (RequestRefusedException problem)
        {
            int status = problem.Code switch
            {
                PlanRefusal.Conflict => StatusCodes.Status409Conflict,
                PlanRefusal.NoVersion => StatusCodes.Status404NotFound,
                _ => StatusCodes.Status503ServiceUnavailable,
            };
            return Problems.Of(status, problem.Code, problem.Message, problem.Hint);
        }
        catch (EdgeShelfException problem)
        {
            return Problems.Of(StatusCodes.Status500InternalServerError, problem.Code, problem.Message, problem.Hint);
        }
    }

    /// <summary>Answers with a document. Its number is the entity tag, which a client sends back as If-Match with a change.</summary>
    public static IResult Document(HttpContext http, StoredDocument document, IReadOnlyList<string>? warnings = null)
    {
        http.Response.Headers.ETag = $"\"{document.Number}\"";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(document.ToJson(warnings), Json);
    }

    public static IResult Table(HttpContext http, byte[] csv, string fileName)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(csv, $"{Csv}; charset=utf-8", fileName);
    }

    /// <summary>Whether the client prefers CSV to JSON.</summary>
    public static bool WantsCsv(HttpRequest request) => request.Headers.Accept.ToString().Contains(Csv, StringComparison.OrdinalIgnoreCase);

    /// <summary>The number in If-Match, or null if there is no such header or it is `*`.</summary>
    /// <exception cref="UploadException">The header has another form.</exception>
    public static int? IfMatch(HttpRequest request)
    {
        string header = request.Headers[HeaderNames.IfMatch].ToString().Trim();
        if (header.Length == 0 || header == "*")
            return null;
        return int.TryParse(header.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UploadException(StatusCodes.Status400BadRequest, "bad-request", $"If-Match is `{header[..Math.Min(header.Length, 40)]}`; a version in quotes is needed.", "Send the ETag of the last answer, such as \"7\".");
    }
}
