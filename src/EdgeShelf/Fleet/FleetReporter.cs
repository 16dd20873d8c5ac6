using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet;

/// <summary>
/// Writes `…/reported` when something in it changes. What changes with each picture, the availability and the figures, is told every ten minutes.
/// Only the fleet's loop uses this type; it is not thread-safe.
/// </summary>
/// <param name="settings">The settings of the chain that this run of the service uses.</param>
sealed class FleetReporter(
    PublishOptions publish, FleetOptions options, FleetLink link, ActiveModel models, PulledModels pulled, PlanStore plan, BayStatus bay, IReadOnlyDictionary<string, string> settings, TimeProvider clock)
{
    public static readonly TimeSpan FiguresEvery = TimeSpan.FromMinutes(10);

    /// <summary>The longest report of problems. The rest is in the log of the device.</summary>
    const int MaxProblems = 20;

    byte[] _told = [];
    byte[] _toldWhole = [];
    long _toldAt;

    /// <param name="step">What goes on, one of <see cref="FleetStep"/>, or null.</param>
    /// <param name="trouble">Why the step is tried again.</param>
    public void Report(FleetMemory memory, Guid? installation, string? step, FleetProblem? trouble)
    {
        ReportedDocument document = Document(memory, installation, step, trouble);
        byte[] whole = (document with { At = default }).ToJson();
        byte[] steady = (document with { At = default, Availability = null, Figures = null }).ToJson();
        bool isChange = !steady.AsSpan().SequenceEqual(_told);
        if (!isChange && (whole.AsSpan().SequenceEqual(_toldWhole) || clock.GetElapsedTime(_toldAt) < FiguresEvery))
            return;
        (_told, _toldWhole, _toldAt) = (steady, whole, clock.GetTimestamp());
        link.Report = document.ToJson();
    }

    ReportedDocument Document(FleetMemory memory, Guid? installation, string? step, FleetProblem? trouble)
    {
        Wish? wish = WishRule.InForce(memory);
        string status = WishRule.StatusOf(memory);
        WishVerdict? verdict = wish is null ? null : memory.VerdictOf(wish.Id);
        BayState now = bay.Now.State;
        return new ReportedDocument
        {
            Device = publish.Device,
            Group = options.Group,
            Installation = installation?.ToString(),
            DesiredVersion = wish?.Version,
            DesiredFrom = wish?.Id.From,
            GroupVersion = memory.Group.LastVersion > 0 ? memory.Group.LastVersion : null,
            Status = status,
            Step = status == FleetStatus.Applied ? memory.Watch is null ? null : FleetStep.Watching : status == FleetStatus.Pending ? step : null,
            Problems = [.. (status == FleetStatus.Pending ? trouble is null ? [] : [trouble] : wish is { Problems.Count: > 0 } ? wish.Problems : verdict?.Problems ?? []).Take(MaxProblems)],
            Model = Model(),
            Planogram = ReportedPlanogram.Of(plan.Planogram?.Id),
            Settings = settings,
            Figures = verdict?.Figures ?? (memory.Watch is { } watch ? SwitchJudge.FiguresOf(watch) : memory.Figures),
            Availability = now.Judged == 0 ? null : Math.Round((double)now.Available / now.Judged, 3),
            Software = ProgramVersion.Text,
            At = clock.GetUtcNow(),
        };
    }

    ReportedModel? Model()
    {
        try
        {
            ModelInfo info = models.Info;
            string? archive = models.Problem is null ? pulled.OriginOf(models.Name)?.Sha256 : null;
            return new ReportedModel(info.Name, info.Version, archive ?? info.Sha256);
        }
        catch (Exception none) when (none is ConfigurationException or ObjectDisposedException)
        {
            return null;
        }
    }
}
