using EdgeShelf.Fleet.Documents;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Models;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Apply;

/// <summary>What becomes of a document whose attempt failed: it is refused for good, or tried again.</summary>
/// <param name="Refused">The problems of a document that is refused; empty if it is tried again.</param>
/// <param name="Again">Why it is tried again, or null if it is refused.</param>
/// <param name="Hint">What to do meanwhile.</param>
/// <param name="RetryAfter">The time that a server asks to wait, or null.</param>
/// <param name="Slots">The version of the slots that a refused planogram does not fit, or null.</param>
sealed record FailedAttempt(IReadOnlyList<FleetProblem> Refused, FleetProblem? Again, string Hint, TimeSpan? RetryAfter, int? Slots = null)
{
    /// <param name="retry">Knows how many files with wrong content have arrived and how many downloads came no further, and counts this one.</param>
    public static FailedAttempt Of(Exception problem, RetryRule retry) => problem switch
    {
        WishRefusedException refused => For(refused.Problems) with { Slots = refused.Slots },
        PlanProblemsException refused => For([.. refused.Problems.Select(one => new FleetProblem(FleetProblem.BadPlanogram, one + "."))]),
        FleetException { Code: FleetProblem.WrongHash or FleetProblem.WrongSize } wrong when retry.WasWrongFile() => TryAgain(wrong.Code, wrong.Message, wrong.Hint),
        FleetException refused => For([new FleetProblem(refused.Code, $"{refused.Message} {refused.Hint}")]),
        FetchException { IsStalled: true } stalled when !retry.MayStallAgain() => For([
            new FleetProblem(stalled.Code, $"{stalled.Message} {RetryRule.MaxStalls} attempts came no further than those before. Repair the server, let it answer requests for a range, and send a new document.")]),
        FetchException failed => TryAgain(failed.Code, failed.Message, failed.Hint, failed.RetryAfter),
        EdgeShelfException { InnerException: IOException or UnauthorizedAccessException } full and not ConfigurationException => TryAgain(FleetProblem.NotKept, full.Message, full.Hint),
        IOException or UnauthorizedAccessException or RequestRefusedException =>
            TryAgain(FleetProblem.NotKept, problem.Message, "The volume needs free space, and the service's user must be able to write to it."),
        _ => ForUnknown(EdgeShelfException.From(problem)),
    };

    static FailedAttempt ForUnknown(EdgeShelfException known) =>
        For([new FleetProblem(known is ConfigurationException or NetworkException ? FleetProblem.BadModel : FleetProblem.Internal, known.Message)]);

    static FailedAttempt For(IReadOnlyList<FleetProblem> problems) => new(problems, null, "", null);

    static FailedAttempt TryAgain(string code, string message, string hint, TimeSpan? retryAfter = null) => new([], new FleetProblem(code, message), hint, retryAfter);
}
