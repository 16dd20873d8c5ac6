using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace FleetSimulator;

/// <summary>
/// What the chain wants of one device. Which document holds, and whether it is new, late or refused, is decided by the product's own rule; the
/// download and the switch only take a time here, and a planogram that does not fit the places is refused. A model whose version contains "bad" is rolled back.
/// </summary>
sealed class SimulatedWishes(string device, string group, Guid installation, SimulatedShelf shelf)
{
    const string Bad = "bad";

    /// <summary>The time of a download and a switch.</summary>
    public static readonly TimeSpan Takes = TimeSpan.FromSeconds(2);

    FleetMemory _memory = WishRule.InGroup(new FleetMemory(), group);
    (ModelInfo Model, Planogram Planogram)? _before;

    /// <summary>Takes a payload of one of the two topics.</summary>
    /// <returns>Whether something changed that has to be reported.</returns>
    public bool Take(bool isOwn, byte[] payload)
    {
        (_memory, Arrival arrival) = WishRule.Take(_memory, isOwn ? WishId.OfDevice : WishId.OfGroup, payload);
        return arrival is Arrival.New or Arrival.Removed;
    }

    /// <summary>Whether a document is to be applied now.</summary>
    public bool IsToApply(TimeOnly local) => WishRule.Next(_memory, local) == NextAct.Apply;

    /// <summary>Applies the document in force.</summary>
    public void Apply()
    {
        Wish wish = WishRule.InForce(_memory)!;
        DesiredDocument document = wish.Document()!;
        Planogram? planogram = document.Planogram?.Json is { } json ? PlanogramDocument.Parse(json).Planogram : null;
        if (planogram is not null && SimulatedShelf.ProblemsOf(planogram) is { Count: > 0 } misfits)
        {
            _memory = _memory.With(new WishVerdict(wish.Id, FleetStatus.Refused, [.. misfits.Take(PlanProblemsException.MaxListed).Select(problem => new FleetProblem(FleetProblem.BadPlanogram, $"Planogram: {problem}."))], null));
            return;
        }
        _before = (shelf.Model, shelf.Planogram);
        if (document.Model is { } model)
            shelf.Model = new ModelInfo(model.Name, model.Version, model.Sha256);
        shelf.Planogram = planogram ?? shelf.Planogram;
        _memory = _memory with { Applied = wish.Id };
        if (document.Model?.Version.Contains(Bad, StringComparison.Ordinal) == true)
            RollBack(wish);
    }

    public ReportedDocument Report(string software, DateTimeOffset now) => new()
    {
        Device = device,
        Group = group,
        Installation = installation.ToString(),
        DesiredVersion = WishRule.InForce(_memory)?.Version,
        DesiredFrom = WishRule.InForce(_memory)?.Id.From,
        GroupVersion = _memory.Group.LastVersion > 0 ? _memory.Group.LastVersion : null,
        Status = WishRule.StatusOf(_memory),
        Step = WishRule.StatusOf(_memory) == FleetStatus.Pending ? FleetStep.Downloading : null,
        Problems = WishRule.InForce(_memory) is { } wish ? _memory.VerdictOf(wish.Id)?.Problems ?? wish.Problems : [],
        Model = new ReportedModel(shelf.Model.Name, shelf.Model.Version, shelf.Model.Sha256),
        Planogram = ReportedPlanogram.Of(shelf.Planogram.Id),
        Availability = shelf.Availability,
        Software = software,
        At = now,
    };

    void RollBack(Wish wish)
    {
        (shelf.Model, shelf.Planogram) = _before!.Value;
        _memory = _memory.With(new WishVerdict(wish.Id, FleetStatus.RolledBack, [new FleetProblem(FleetProblem.WorseInUse, "The simulated model sends far more to review than the one before.")], null));
    }
}
