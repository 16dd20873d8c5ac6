using System.Text.Json;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace EdgeShelf.Web;

/// <summary>`POST /api/slots/view`: the camera was moved, and what it sees now becomes the reference picture. The slots move with it.</summary>
sealed class ViewRoutes(PlanStore plan, LatestLook latest, TimeProvider clock) : RouteModule
{
    /// <summary>One at a time: two pictures are decoded and compared.</summary>
    readonly PlanAnswers _answers = new(clock, maxChanges: 1);

    public override void Map(IEndpointRouteBuilder app) => app.MapPost("/api/slots/view", AcceptAsync)
        .WithSummary("Take the newest picture as the new view, and move the slots with it")
        .WithDescription("`{\"accept\":true}`. With `\"accept\":false` the answer is the same and nothing changes. With `\"keep\":true` the slots stay where they are in the picture. Slots that the new view does not show are in `lost` and are removed, from the planogram too.")
        .AddOpenApiOperationTransformer(ApiDescription.DescribeBody(PlanAnswers.Json))
        .Produces<ViewAnswer>()
        .ProducesChangeProblems();

    Task<IResult> AcceptAsync(HttpContext http, CancellationToken cancellationToken) => _answers.ChangeAsync(http, [PlanAnswers.Json], (body, _) =>
    {
        (bool accept, bool keep, int? ifVersion) = Parse(body);
        SlotsDocument before = plan.SlotsDocument;
        if (before.Slots.Count == 0)
            return NoView("There are no slots that a view could move.", "PUT /api/slots sets them.");
        if (latest.Now is not { } look)
            return NoView("No picture was looked at since the service started or the slots were set.", "POST /api/capture takes one. Then try again.");
        if (look.View is not (BayView.Clear or BayView.CameraMoved))
            return NoView("The newest picture is too dark, blurred or blank to become the reference.", "Put light on the shelf and wait for the next picture. Then try again.");
        try
        {
            if (!keep && plan.ReferencePicture() is null)
                return NoView("The slots have no reference picture to compare with.", "Send `\"keep\":true`, and move the slots by hand.");
            NewView? view = keep ? NewView.Keep(before.Map, look.Frame) : NewView.Find(before.Map, plan.ReferencePicture()!, look.Frame);
            if (view is null)
                return NoView("The newest picture has too little in common with the reference picture.", "Turn the camera back so that it shows most of the shelf, or keep the slots where they are and move them by hand.");
            SlotsDocument wanted = new(view.Slots, null) { IfVersion = ifVersion ?? before.Number };
            PlanogramDocument? planogram = plan.PlanogramDocument;
            SlotsDocument set = accept ? plan.SetSlots(wanted, PlanSource.Page, view.Reference) : before with { Slots = view.Slots };
            bool leavesPlanogram = accept && planogram is not null && LeavePlanogram(planogram, view.Lost);
            return TypedResults.Ok(new ViewAnswer(keep ? 0 : view.Slots.Count, view.Lost, before.Number, leavesPlanogram ? planogram!.Number : null, JsonElement.Parse(set.ToJson())));
        }
        catch (PictureException problem)
        {
            return NoView($"A picture cannot be read: {problem.Message}", problem.Hint);
        }
    }, cancellationToken);

    /// <summary>
    /// Takes lost slots out of the planogram: what the camera does not see is not expected there any more, and a planogram that names slots that do not
    /// exist would be refused when somebody saves it.
    /// </summary>
    /// <returns>Whether the planogram named one of them.</returns>
    bool LeavePlanogram(PlanogramDocument planogram, IReadOnlyList<string> lost)
    {
        Position[] kept = [.. planogram.Planogram.Positions.Where(position => !lost.Contains(position.Slot))];
        if (kept.Length == planogram.Planogram.Positions.Count)
            return false;
        string version = $"{planogram.Planogram.Version}-view-{plan.Slots.Version}";
        Planogram left = planogram.Planogram with { Positions = kept, Version = version.Length <= LabelText.MaxCodeLength ? version : $"view-{plan.Slots.Version}" };
        plan.SetPlanogram(new PlanogramDocument(left) { IfRevision = planogram.Number }, PlanSource.Page);
        return true;
    }

    static (bool Accept, bool Keep, int? IfVersion) Parse(byte[] body) => DocumentFields.Read(body, PlanProblemsException.BadSlots, root =>
    {
        List<string> problems = [];
        DocumentFields fields = new(root, "", problems, "accept", "keep", "if_version");
        if (root.ValueKind == JsonValueKind.Object && !fields.Has("accept"))
            fields.Add("accept is missing; true takes the view, false only says what would happen");
        (bool, bool, int?) parsed = root.ValueKind == JsonValueKind.Object ? (fields.Flag("accept"), fields.Flag("keep"), fields.Integer("if_version", 0, int.MaxValue)) : default;
        return problems.Count == 0 ? parsed : throw new PlanProblemsException(PlanProblemsException.BadSlots, problems);
    });

    static ProblemHttpResult NoView(string detail, string hint) => Problems.Of(StatusCodes.Status409Conflict, "no-view", detail, hint);
}

/// <param name="Moved">The number of slots that moved along.</param>
/// <param name="Lost">The names of the slots that the new view does not show.</param>
/// <param name="Before">The version of the slots that was in force before. A rollback to it takes the new view back.</param>
/// <param name="PlanogramBefore">The revision of the planogram that named lost slots. A rollback to it puts them back; null if the planogram was left as it is.</param>
/// <param name="Slots">The slots in force, or with `accept: false` those that would be.</param>
sealed record ViewAnswer(int Moved, IReadOnlyList<string> Lost, int Before, int? PlanogramBefore, JsonElement Slots);
