using EdgeShelf.Fleet.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Apply;

/// <summary>A desired document cannot be applied on this device. Nothing was changed, and it is not tried again.</summary>
sealed class WishRefusedException(IReadOnlyList<FleetProblem> problems)
    : EdgeShelfException(string.Join(" ", problems.Select(problem => problem.Message)), "Send a new document with a higher version.")
{
    public IReadOnlyList<FleetProblem> Problems { get; } = problems;

    public override string Code => Problems[0].Code;
}
