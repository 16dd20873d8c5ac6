using System.Text;
using System.Text.Json.Nodes;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Plan;

/// <summary>`request/slots` and `request/planogram`: replace a document. Without a value they return the one in force.</summary>
static class PlanRequests
{
    /// <summary>The maximum size of a request, in bytes: 200 slots take 25 kB, and a planogram of 200 positions and as many products 60 kB.</summary>
    public const int MaxBytes = 256 << 10;

    public static RequestCommand Slots(PlanStore plan) => new(
        "slots", "Replaces the slots by the document in `value`. Without a value it returns the slots.", value =>
        {
            if (value is null)
                return Json(plan.SlotsDocument);
            SlotsDocument set = plan.SetSlots(SlotsDocument.Parse(Encoding.UTF8.GetBytes(value)), PlanSource.Request);
            return new JsonObject { ["version"] = set.Number, ["slots"] = set.Slots.Count, ["warnings"] = List(plan.SlotWarnings()) };
        })
    { MaxBytes = MaxBytes, TakesValue = true };

    public static RequestCommand Planogram(PlanStore plan) => new(
        "planogram", "Replaces the planogram by the document in `value`. Without a value it returns the planogram, or null.", value =>
        {
            if (value is null)
                return plan.PlanogramDocument is { } inForce ? Json(inForce) : null;
            PlanogramDocument set = plan.SetPlanogram(PlanogramDocument.Parse(Encoding.UTF8.GetBytes(value)), PlanSource.Request);
            return new JsonObject
            {
                ["name"] = set.Planogram.Name,
                ["version"] = set.Planogram.Version,
                // A planogram that waits for its time has no revision yet.
                ["revision"] = set.Number > 0 ? set.Number : null,
                ["in_force"] = set.Number > 0,
                ["positions"] = set.Planogram.Positions.Count,
                ["warnings"] = List(plan.WarningsOf(set.Planogram)),
            };
        })
    { MaxBytes = MaxBytes, TakesValue = true };

    static JsonNode Json(StoredDocument document) => JsonNode.Parse(document.ToJson())!;

    static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
