using EdgeShelf.Fleet.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Apply;

/// <summary>A desired document cannot be applied on this device. Nothing was changed, and it is not tried again.</summary>
/// <param name="slots">The version of the slots that the planogram does not fit, or null if the reason is another one.</param>
sealed class WishRefusedException(IReadOnlyList<FleetProblem> problems, int? slots = null)
    : EdgeShelfException(string.Join(" ", problems.Select(problem => problem.Message)), "Send a new document with a higher version.")
{
    public IReadOnlyList<FleetProblem> Problems { get; } = problems;

    public int? Slots { get; } = slots;

    public override string Code => Problems[0].Code;
}
