using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Fleet.Checks;

/// <summary>
/// Judges the examples of this shelf with a new model and with the one in use. A model from afar was never tried on this camera and these
/// products; the examples are what the device knows of them.
/// </summary>
sealed class ExampleCheck(ExampleStore store, ActiveModel models, PriorityGate gate, LikenessThresholds thresholds)
{
    /// <summary>The number of judged examples below which the comparison says nothing: with 20, one example is 5 %.</summary>
    public const int MinJudged = 20;

    /// <summary>By how much the share of recognized examples may fall.</summary>
    public const double MaxFewer = 0.05;

    /// <summary>What a share may differ by because it is computed with binary fractions.</summary>
    const double Rounding = 1e-9;

    /// <param name="next">The new model, which the caller keeps.</param>
    /// <returns>The problem with both figures, or null.</returns>
    /// <exception cref="EdgeShelf.Shelf.EdgeShelfException">The network of the new model fails, or the examples cannot be read.</exception>
    public async Task<FleetProblem?> ProblemOfAsync(ActiveModel next, CancellationToken cancellationToken)
    {
        ExampleState state = store.Now;
        IReadOnlyList<LeftOut> before;
        using (ModelLease inUse = models.Rent())
        {
            before = TeachingFigures.Judge(state, inUse.Model.DescriptorSource, inUse.Model.DescriptorMean.Span, thresholds);
            using ModelLease trial = next.Rent();
            // Two models with the same descriptors judge alike.
            if (before.Count < MinJudged || trial.Model.DescriptorSource == inUse.Model.DescriptorSource || !trial.Model.HasDescriptor)
                return null;
        }
        CropDescriber describer = new(next, gate);
        List<TaughtExample> examples = [];
        foreach (TaughtExample example in state.Examples)
        {
            if (await TryDescribeAsync(describer, example, cancellationToken) is { } described)
                examples.Add(described);
        }
        using ModelLease lease = next.Rent();
        IReadOnlyList<LeftOut> after = TeachingFigures.Judge(state with { Examples = [.. examples] }, lease.Model.DescriptorSource, lease.Model.DescriptorMean.Span, thresholds);
        return ProblemOf(before.Count(judged => judged.IsRight), before.Count, after.Count(judged => judged.IsRight), after.Count);
    }

    /// <summary>Compares the figures of both models.</summary>
    /// <remarks>
    /// A model that sees no difference takes all examples of a label for near duplicates, of which none can be judged by the others. So what cannot be
    /// judged counts as not recognized as soon as it is more than half of what the model in use can judge.
    /// </remarks>
    internal static FleetProblem? ProblemOf(int rightBefore, int judgedBefore, int rightAfter, int judgedAfter)
    {
        int of = Math.Max(judgedAfter, (judgedBefore + 1) / 2);
        return ((double)rightBefore / judgedBefore) - ((double)rightAfter / of) > MaxFewer + Rounding
            ? new FleetProblem(
                FleetProblem.WorseOnExamples,
                $"The new model recognizes {rightAfter} of {of} examples of this shelf, and the model in use {rightBefore} of {judgedBefore}. Send a model that was measured on pictures of such shelves.")
            : null;
    }

    async Task<TaughtExample?> TryDescribeAsync(CropDescriber describer, TaughtExample example, CancellationToken cancellationToken)
    {
        try
        {
            if (store.Crop(example.Id) is not { } crop)
                return null;
            (string model, IReadOnlyList<CompactDescriptor> descriptors) = await describer.DescribeAsync([crop], cancellationToken);
            return example with { Model = model, Descriptor = descriptors[0] };
        }
        catch (PictureException)
        {
            // The keeper of the examples reports a damaged crop. It tells nothing about the model.
            return null;
        }
    }
}
