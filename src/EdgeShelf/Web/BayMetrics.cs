using System.Diagnostics.Metrics;
using EdgeShelf.Shelf;

namespace EdgeShelf.Web;

/// <summary>
/// The metrics of the slots. Without slots there are none of them. The labels are bounded by <see cref="SlotMap.MaxSlots"/>, the verdicts and
/// the views.
/// </summary>
sealed class BayMetrics : IDisposable
{
    /// <summary>
    /// The number of series that the exporter keeps for one metric of slots. It keeps those of deleted slots until the service restarts,
    /// without exporting them, so there is room for ten times as many names as a bay can have.
    /// </summary>
    public static readonly int MaxSeries = 10 * SlotMap.MaxSlots * Enum.GetValues<Verdict>().Length;

    /// <summary>The beginning of the names of the metrics with a series for each slot.</summary>
    public const string SlotPrefix = "edgeshelf.slot_";

    static readonly Verdict[] Verdicts = Enum.GetValues<Verdict>();
    static readonly BayView[] Views = Enum.GetValues<BayView>();

    readonly BayStatus _bay;
    readonly SlotTimes _times;

    public BayMetrics(Meter meter, BayStatus bay, SlotCounters counters, TimeProvider clock)
    {
        _bay = bay;
        _times = new SlotTimes(clock);
        _times.Update(bay.Now.State.Slots);
        bay.Changed += Looked;
        meter.CreateObservableGauge(
            "edgeshelf.slot_state", States,
            description: "1 for the confirmed verdict of each slot, 0 for the others; covered is 1 in addition while something stands before the slot.");
        meter.CreateObservableGauge(
            "edgeshelf.slot_product", Products, description: "Always 1; says which product belongs in each slot. Join it on instance and slot.");
        meter.CreateObservableCounter(
            "edgeshelf.slot_state_seconds", Times, "s", "Time that each slot has been in each state since the start.");
        meter.CreateObservableGauge(
            "edgeshelf.shelf_availability_ratio", Availability, description: "Share of the judged slots that hold their expected product; absent while none was judged.");
        meter.CreateObservableGauge("edgeshelf.shelf_view", View, description: "1 for how the last picture showed the bay, 0 for the others.");
        meter.CreateObservableCounter("edgeshelf.slots_run", () => counters.SlotsRun, description: "Crops of slots on which the network was run.");
        meter.CreateObservableCounter("edgeshelf.slots_skipped", () => counters.SlotsSkipped, description: "Crops of slots on which the network was not run because they looked as before.");
    }

    public void Dispose() => _bay.Changed -= Looked;

    void Looked(IReadOnlyList<SlotChange> changes) => _times.Update(_bay.Now.State.Slots);

    IEnumerable<Measurement<int>> States() => _bay.Now.State.Slots.SelectMany(slot => Verdicts.Select(verdict => new Measurement<int>(
        slot.Verdict == verdict || (verdict == Verdict.Covered && slot.CoveredSince is not null) ? 1 : 0, Slot(slot.Slot), Named(verdict))));

    IEnumerable<Measurement<int>> Products() => _bay.Now.State.Slots.Where(slot => slot.Expected is not null)
        .Select(slot => new Measurement<int>(1, Slot(slot.Slot), new KeyValuePair<string, object?>("product", slot.Expected!.Name ?? slot.Expected.Label)));

    IEnumerable<Measurement<double>> Times() => _times.Now().Select(time => new Measurement<double>(time.Total.TotalSeconds, Slot(time.Slot), Named(time.Verdict)));

    IEnumerable<Measurement<double>> Availability() => _bay.Now.State.Availability is { } availability ? [new Measurement<double>(availability)] : [];

    IEnumerable<Measurement<int>> View()
    {
        BayState state = _bay.Now.State;
        return state.Slots.Count == 0 ? [] : Views.Select(view => new Measurement<int>(
            state.View == view ? 1 : 0, new KeyValuePair<string, object?>("view", BayViewNames.Of(view))));
    }

    static KeyValuePair<string, object?> Slot(string name) => new("slot", name);

    static KeyValuePair<string, object?> Named(Verdict verdict) => new("verdict", VerdictNames.Of(verdict));
}
