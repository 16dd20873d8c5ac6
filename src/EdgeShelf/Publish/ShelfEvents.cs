using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish;

/// <summary>
/// Reports what happens to the bay: as events through the outbox, and as pictures of slots on `…/image/…`. An event is on disk when the call
/// returns; if the disk fails, that is logged, and `…/shelf` still tells the state. All members are thread-safe.
/// </summary>
sealed class ShelfEvents(DurableOutbox outbox, BayStatus bay, EvidenceQueue evidence, IOptions<PublishOptions> options, StageProgress progress)
{
    /// <summary>Whether <see cref="ReportEvidence"/> publishes anything, so that the caller can save the work of encoding.</summary>
    public bool WantsEvidence => options.Value.Image;

    /// <summary>Reports a confirmed change of a slot. Call this after <see cref="BayStatus.Set"/>, which tells the slot's place on the shelf.</summary>
    /// <param name="result">The result that confirmed the change.</param>
    public void Report(SlotChange change, CommittedResult result)
    {
        SlotState? place = bay.Now.State.Slots.FirstOrDefault(slot => slot.Slot == change.Slot);
        string expected = change.Expected is { } product ? $", expected {product.Name ?? product.Label}" : "";
        Append(
            EventTypes.SlotChanged, $"Slot {change.Slot} changed from {VerdictNames.Of(change.From)} to {VerdictNames.Of(change.To)}{expected}.",
            PublishJson.Node(SlotChangedDocument.Of(change, place, result.Id), PublishJson.Wire.SlotChangedDocument));
    }

    /// <summary>Publishes a picture of a slot that changed on `…/image/SLOT`, once and unreliably, if `Publish:Image` is on and the broker is connected.</summary>
    public void ReportEvidence(string slot, ReadOnlyMemory<byte> jpeg)
    {
        if (WantsEvidence)
            evidence.Add(slot, jpeg);
    }

    /// <param name="now">The planogram in force from now on, or null.</param>
    /// <param name="by">Who changed it, see <see cref="PlanogramChangedDocument"/>.</param>
    public void PlanogramChanged(PlanogramId? now, PlanogramId? before, string by) => Append(
        EventTypes.PlanogramChanged, now is null ? "There is no planogram any more." : $"The planogram {now.Name}, version {now.Version}, is in force.",
        PublishJson.Node(new PlanogramChangedDocument(PlanogramIdDocument.Of(now), PlanogramIdDocument.Of(before), by), PublishJson.Wire.PlanogramChangedDocument));

    /// <param name="by">Who changed them, see <see cref="PlanogramChangedDocument"/>.</param>
    public void SlotsChanged(SlotMap slots, string by) => Append(
        EventTypes.SlotsChanged, slots.IsEmpty ? "The bay has no slots any more." : $"The bay has {slots.Slots.Count} slots.",
        PublishJson.Node(new SlotsChangedDocument(slots.Version, slots.Slots.Count, by), PublishJson.Wire.SlotsChangedDocument));

    /// <param name="since">The time of the first picture that does not lie on the reference picture.</param>
    /// <param name="reason">Why it does not, as a sentence for people.</param>
    public void CameraMoved(DateTimeOffset since, string reason) => Append(
        EventTypes.CameraMoved, $"The camera was moved. {reason} There are no verdicts until the camera is back or its new view is accepted.",
        new JsonObject { ["since"] = UtcJsonConverter.Text(since), ["reason"] = reason });

    /// <param name="since">The time of the first picture that lies on the reference picture again.</param>
    /// <param name="movedFor">How long it did not.</param>
    public void CameraSettled(DateTimeOffset since, TimeSpan movedFor) => Append(
        EventTypes.CameraSettled, "The camera shows the bay as the slots were drawn. Slots are judged again.",
        new JsonObject { ["since"] = UtcJsonConverter.Text(since), ["moved_for_s"] = Math.Round(movedFor.TotalSeconds, 1) });

    /// <summary>Reports that a product, or the look of empty places, was taught.</summary>
    public void ProductTaught(ProductTaught taught) => Append(
        EventTypes.ProductTaught, $"{PlainText.Shown(taught.Name ?? taught.Label, 60)} was taught with {taught.Added} {(taught.Added == 1 ? "example" : "examples")}; it has {taught.Examples}.",
        PublishJson.Node(ProductTaughtDocument.Of(taught), PublishJson.Wire.ProductTaughtDocument));

    /// <param name="message">What happened to the examples, as a sentence.</param>
    public void ExamplesLost(string message) => Append(EventTypes.ExamplesLost, message, null);

    void Append(string type, string message, JsonNode? data)
    {
        using IDisposable work = progress.Enter(Stage.Outbox);
        outbox.TryAppendEvent(type, message, data);
    }
}
