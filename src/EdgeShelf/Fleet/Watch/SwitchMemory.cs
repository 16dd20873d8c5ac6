namespace EdgeShelf.Fleet.Watch;

/// <summary>What a model did: sums over pictures, so that shares of several hours can be added.</summary>
/// <param name="Pictures">The number of pictures that the network computed or failed with.</param>
/// <param name="Failures">The number of those with which it failed.</param>
/// <param name="Answers">The number of answers: one for the whole picture, or one for each slot.</param>
/// <param name="Review">The number of answers that a person should review.</param>
/// <param name="Unknown">The number of answers with an unknown product.</param>
/// <param name="Timed">The number of pictures whose time in the network is in <paramref name="Milliseconds"/>.</param>
readonly record struct ModelCounts(long Pictures, long Failures, long Answers, long Review, long Unknown, long Timed, double Milliseconds)
{
    public static ModelCounts operator +(ModelCounts a, ModelCounts b) => new(
        a.Pictures + b.Pictures, a.Failures + b.Failures, a.Answers + b.Answers, a.Review + b.Review, a.Unknown + b.Unknown, a.Timed + b.Timed, a.Milliseconds + b.Milliseconds);
}

/// <summary>A comparison that runs after a change of the model.</summary>
/// <param name="Change">What is taken back if the model is worse.</param>
/// <param name="ModelSha256">The ONNX file of the new model, by which its results are told from others.</param>
/// <param name="Before">The last day with the model before.</param>
/// <param name="After">What was counted since the change.</param>
/// <param name="Watched">The time that passed since the change while the service ran.</param>
sealed record SwitchMemory(Wishes.Change Change, string ModelSha256, ModelCounts Before, ModelCounts After, TimeSpan Watched);
