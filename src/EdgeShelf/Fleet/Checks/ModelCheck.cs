using EdgeShelf.Fleet.Documents;
using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Fleet.Checks;

/// <summary>Checks what a document wants against this device: its slots, its planogram, its labels and its examples.</summary>
/// <param name="load">Loads a model folder with all checks.</param>
sealed class ModelCheck(ActiveModel models, PlanStore plan, ExampleStore examples, ExampleCheck onExamples, Func<string, LoadedModel> load)
{
    /// <summary>The version of the slots in force.</summary>
    public int SlotsVersion => plan.Slots.Version;

    /// <summary>Loads a model of the chain for its checks.</summary>
    /// <exception cref="FleetException">It is damaged, has no golden picture, or is another model than the document names.</exception>
    public ActiveModel Load(string folder, DesiredModel wanted)
    {
        LoadedModel model;
        try
        {
            model = load(folder);
        }
        catch (ConfigurationException problem)
        {
            // The path of a folder that is deleted now would mislead.
            throw new FleetException(FleetProblem.BadModel, $"The model does not pass its checks: {problem.Message.Replace(folder, wanted.Name, StringComparison.Ordinal)}", "Run `edgeshelf model verify` before `edgeshelf fleet sign`.", problem);
        }
        try
        {
            GoldenPicture.Require(model);
            if (model.Info.Name != wanted.Name || model.Info.Version != wanted.Version)
            {
                throw new FleetException(
                    FleetProblem.WrongModel, $"The archive holds the model {model.Info}; the document says {wanted.Name} {wanted.Version}.", "Send the document that `edgeshelf fleet sign` prints.");
            }
            if (!plan.Slots.IsEmpty && !model.HasDescriptor)
                throw new FleetException(FleetProblem.BadModel, $"The model {model.Info} gives no descriptors, and the slots of this device need them.", "Make the model with this version of `edgeshelf model quantize`.");
            return ActiveModel.Of(model);
        }
        catch (Exception problem)
        {
            model.Dispose();
            if (problem is ConfigurationException golden)
                throw new FleetException(FleetProblem.BadModel, golden.Message, golden.Hint, golden);
            throw;
        }
    }

    /// <summary>Returns what is wrong with a model on this shelf.</summary>
    /// <param name="wanted">The planogram of the same document, or null.</param>
    public async Task<IReadOnlyList<FleetProblem>> ProblemsOfAsync(ActiveModel next, PlanogramDocument? wanted, CancellationToken cancellationToken)
    {
        if (LostLabels(next, wanted?.Planogram ?? plan.Planogram) is { Count: > 0 } lost)
        {
            return
            [
                new FleetProblem(
                    FleetProblem.LabelsMissing,
                    $"The planogram expects {string.Join(", ", lost.Take(10))}{(lost.Count > 10 ? $" and {lost.Count - 10} more" : "")}, which the model in use knows, and the new one does not. Send a model with these labels, or a planogram without them."),
            ];
        }
        return await onExamples.ProblemOfAsync(next, cancellationToken) is { } worse ? [worse] : [];
    }

    /// <summary>Returns what is wrong with a planogram on this device.</summary>
    /// <param name="next">The model that will be in use, or null if it stays.</param>
    public IReadOnlyList<FleetProblem> ProblemsOf(PlanogramDocument planogram, ActiveModel? next) =>
    [
        .. PlanogramRules.ProblemsHere(planogram.Planogram, plan.Slots, [.. RecognitionServices.LabelsOf(next ?? models), .. examples.Now.Labels])
            .Take(PlanProblemsException.MaxListed).Select(problem => new FleetProblem(FleetProblem.BadPlanogram, $"Planogram: {problem}.")),
    ];

    /// <summary>The labels that the planogram expects, and that only the model in use knows.</summary>
    IReadOnlyList<string> LostLabels(ActiveModel next, Planogram? planogram)
    {
        if (planogram is null)
            return [];
        HashSet<string> known = [.. RecognitionServices.LabelsOf(next), .. examples.Now.Labels];
        HashSet<string> knownNow = [.. RecognitionServices.LabelsOf(models)];
        return [.. planogram.Positions.Select(position => position.Label).Distinct().Where(label => knownNow.Contains(label) && !known.Contains(label))];
    }
}
