using System.Text;
using System.Text.Json;
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
            return new { version = set.Number, slots = set.Slots.Count, warnings = plan.SlotWarnings() };
        })
    { MaxBytes = MaxBytes, TakesValue = true };

    public static RequestCommand Planogram(PlanStore plan) => new(
        "planogram", "Replaces the planogram by the document in `value`. Without a value it returns the planogram, or null.", value =>
        {
            if (value is null)
                return plan.PlanogramDocument is { } inForce ? Json(inForce) : null;
            PlanogramDocument set = plan.SetPlanogram(PlanogramDocument.Parse(Encoding.UTF8.GetBytes(value)), PlanSource.Request);
            return new
            {
                name = set.Planogram.Name,
                version = set.Planogram.Version,
                // A planogram that waits for its time has no revision yet.
                revision = set.Number > 0 ? set.Number : (int?)null,
                in_force = set.Number > 0,
                positions = set.Planogram.Positions.Count,
                warnings = plan.WarningsOf(set.Planogram),
            };
        })
    { MaxBytes = MaxBytes, TakesValue = true };

    static JsonElement Json(StoredDocument document)
    {
        using JsonDocument json = JsonDocument.Parse(document.ToJson());
        return json.RootElement.Clone();
    }
}
