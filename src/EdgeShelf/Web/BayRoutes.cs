using EdgeShelf.Pictures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>Routes under `/api/shelf`: the verdict of each slot, why it is what it is, and what the slot looks like.</summary>
sealed class BayRoutes(BayReport report, SlotCrops crops) : RouteModule
{
    /// <summary>The maximum number of crops at a time. One picture is being decoded; the others wait and hold nothing. A browser asks for six at a time.</summary>
    readonly RequestPermits _crops = new(16);

    public override void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/shelf");
        api.MapGet("", (HttpContext http) => Fresh(http, report.Now(withDay: true)))
            .WithSummary("The shelf: the verdict of each slot, and the availability of the last day")
            .WithDescription("Without slots the list is empty. `/api/state/stream` sends the same document without `day` as the event `shelf` at each change.");
        api.MapGet("/slots/{slot}", Slot)
            .WithSummary("One slot: its verdict, why it is what it is, and its last changes")
            .Produces<BaySlotDetail>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/slots/{slot}/crop.jpg", Crop)
            .WithSummary("What the newest picture shows of a slot, upright and in its own shape")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    IResult Slot(HttpContext http, string slot) => report.Find(slot) is { } found ? Fresh(http, found) : NoSlot(slot);

    IResult Crop(HttpContext http, string slot)
    {
        if (report.Find(slot) is null)
            return NoSlot(slot);
        using IDisposable? permit = _crops.TryTake(http);
        if (permit is null)
            return Problems.Busy(http, "Too many pictures of slots are being cut already.");
        try
        {
            if (crops.Find(slot) is not { } crop)
                return Problems.Of(StatusCodes.Status404NotFound, "no-look", "No picture was looked at since the service started or the slots were set.", "POST /api/capture takes one.");
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Bytes(crop, "image/jpeg");
        }
        catch (PictureException problem)
        {
            return Problems.Of(problem, null);
        }
    }

    static ProblemHttpResult NoSlot(string slot) =>
        Problems.Of(StatusCodes.Status404NotFound, "no-slot", $"There is no slot {Platform.PlainText.Shown(slot, 40)}.", "See /api/slots for those that there are.");

    static Ok<T> Fresh<T>(HttpContext http, T document)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(document);
    }
}
