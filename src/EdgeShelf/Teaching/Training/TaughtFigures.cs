using EdgeShelf.Models.Making;

namespace EdgeShelf.Teaching.Training;

/// <summary>`measured` in the manifest of a model that was trained from examples. Rates are from 0 to 1.</summary>
/// <param name="Data">What was measured on, for people.</param>
sealed record TaughtFigures(string Data, int Images, Rates Int8, NamedFigures Named);

/// <summary>The comparison of the model with likeness; see <see cref="TrainingOutcome"/>.</summary>
sealed record NamedFigures(int Judged, int Right, int RightByLikeness, int OnlyModel, int OnlyLikeness, double Chance)
{
    public static NamedFigures Of(TrainingOutcome outcome) => new(outcome.Judged, outcome.Right, outcome.RightByLikeness, outcome.OnlyModel, outcome.OnlyLikeness, outcome.Chance);
}
