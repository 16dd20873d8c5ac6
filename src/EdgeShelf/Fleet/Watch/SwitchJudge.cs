using System.Globalization;
using EdgeShelf.Fleet.Documents;

namespace EdgeShelf.Fleet.Watch;

/// <summary>Compares a new model with the one before, on what both did at this shelf.</summary>
static class SwitchJudge
{
    /// <summary>The pictures from which a model may be taken back before the time of the comparison is over: one more uncertain picture then is at most 3 %.</summary>
    public const int MinPicturesEarly = 30;

    /// <summary>The pictures without which a comparison says nothing.</summary>
    public const int MinPictures = 5;

    /// <summary>The time after which a comparison ends without a verdict when too few pictures are taken, as a multiple of its length.</summary>
    public const int GiveUpAfter = 24;

    /// <summary>Whether the comparison is over.</summary>
    public static bool IsOver(SwitchMemory watch, FleetOptions options) =>
        (watch.Watched >= options.Watch && watch.After.Pictures >= MinPictures) || watch.Watched >= options.Watch * GiveUpAfter;

    /// <summary>Returns in which way the new model is worse, or an empty list. Without figures of the model before only failures count.</summary>
    public static IReadOnlyList<FleetProblem> ProblemsOf(SwitchMemory watch, FleetOptions options)
    {
        if (watch.After.Pictures < (IsOver(watch, options) ? MinPictures : MinPicturesEarly))
            return [];
        (ReportedShares? before, ReportedShares after) = (SharesOf(watch.Before), SharesOf(watch.After)!);
        List<FleetProblem> problems = [];
        Compare(before?.ReviewShare, after.ReviewShare, options.MaxMoreReview, nameof(FleetOptions.MaxMoreReview), "the share of answers for review rose");
        Compare(before?.UnknownShare, after.UnknownShare, options.MaxMoreUnknown, nameof(FleetOptions.MaxMoreUnknown), "the share of unknown products rose");
        Compare(before?.FailureShare ?? 0, after.FailureShare, options.MaxMoreFailures, nameof(FleetOptions.MaxMoreFailures), "the share of pictures with which the network failed rose");
        if (before?.InferenceMs is { } was && after.InferenceMs is { } takes && takes > was * options.MaxSlower)
            problems.Add(new FleetProblem(FleetProblem.WorseInUse, string.Create(CultureInfo.InvariantCulture, $"The model was taken back, because the network took {takes:0.#} ms instead of {was:0.#} ms; Fleet:{nameof(FleetOptions.MaxSlower)} allows {options.MaxSlower:0.##} times as long.")));
        return problems;

        void Compare(double? was, double? isNow, double allowed, string key, string what)
        {
            if (was is { } old && isNow - old > allowed)
                problems.Add(new FleetProblem(FleetProblem.WorseInUse, string.Create(CultureInfo.InvariantCulture, $"The model was taken back, because {what} from {old:P0} to {isNow:P0}; Fleet:{key} allows {allowed:0.##} more.")));
        }
    }

    public static ReportedFigures FiguresOf(SwitchMemory watch) => new(SharesOf(watch.Before), SharesOf(watch.After));

    /// <summary>Returns the shares of what was counted, or null if nothing was.</summary>
    public static ReportedShares? SharesOf(ModelCounts counts) => counts.Pictures == 0 ? null : new ReportedShares(
        Share(counts.Review, counts.Answers), Share(counts.Unknown, counts.Answers), Share(counts.Failures, counts.Pictures),
        counts.Timed == 0 ? null : Math.Round(counts.Milliseconds / counts.Timed, 2));

    static double? Share(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);
}
