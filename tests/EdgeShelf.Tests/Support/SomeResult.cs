using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Support;

/// <summary>Results as the classifier makes them, for tests that publish.</summary>
static class SomeResult
{
    public static ModelInfo Model { get; } = new("grocery-81", "1.0.0", new string('b', 64));

    public static ShelfResult Of(string label = "Granny-Smith", double confidence = 0.91) => new(
        new ImageInfo(1640, 1232, new string('a', 64), "folder", "shelf.jpg"),
        Model,
        [new SlotResult("shelf", [new(label, 1, confidence, null), new("Royal-Gala", 7, 0.05, "4173"), new("Pink-Lady", 6, 0.02, null)], false, null)],
        new StageTimings(TimeSpan.FromMilliseconds(41), TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(38)));

    /// <summary>A result that is on disk.</summary>
    public static CommittedResult Committed(ShelfResult result, long seq = 41, DateTimeOffset? at = null, Trigger trigger = Trigger.Timer) => new(
        $"shelf-07-{seq}", "shelf-07", seq, "boot", at ?? new DateTimeOffset(2026, 11, 25, 8, 30, 0, TimeSpan.Zero), true, trigger, result, 0, Guid.Empty);

    /// <summary>A result that shows a bay as it is.</summary>
    public static ShelfResult Of(BayState bay) => Of() with
    {
        Planogram = bay.Planogram,
        Slots = [.. bay.Slots.Select(slot => new SlotResult(slot.Slot, [], false, null) { Region = new Region(0.1, 0.2, 0.1, 0.25), Expected = slot.Expected, Verdict = slot.Verdict })],
    };

    /// <summary>A result with two slots: one that holds what it should and was not run again, and one in which nothing is expected.</summary>
    public static ShelfResult OfSlots()
    {
        ShelfResult whole = Of();
        SlotResult seen = whole.Slots[0];
        return whole with
        {
            Planogram = new PlanogramId("bay-4", "12"),
            Slots =
            [
                seen with { Slot = "1-01", Region = new Region(0.1, 0.2, 0.123456, 0.25), Cached = true, Expected = new ExpectedProduct("Granny-Smith", "Granny Smith", "4017"), Verdict = Verdict.Match },
                seen with { Slot = "1-02", Top = [], Region = new Region(-0.01, 0.2, 0.1, 0.25), Verdict = Verdict.Unchecked },
            ],
        };
    }
}
