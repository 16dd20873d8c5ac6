using System.Numerics.Tensors;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>Decides which crops become examples: none that is known already, and none that is known under another label.</summary>
static class LessonPlanner
{
    /// <summary>
    /// The cosine from which two pictures of one place show the same product, although the labels differ. On the one bay that was measured the
    /// pictures of different products reach .87, and a film of a place that does not change .975 to .997.
    /// </summary>
    const double SamePlace = 0.96;

    /// <param name="state">The newest state, which nobody else can change meanwhile.</param>
    /// <param name="examples">The crops with their descriptors and names, all by the model in use.</param>
    /// <param name="move">Whether an example of another label that shows the same gets the new label.</param>
    public static LessonPlan Plan(ExampleState state, IReadOnlyList<(NewExample Example, string Name)> examples, bool move)
    {
        List<ExampleEdit> edits = [];
        List<NotTaught> notTaught = [];
        List<long> moved = [];
        List<(long? Id, string Label, string? Slot, string CropSha256, string Model, float[] Values)> known =
            [.. state.Examples.Select(example => ((long?)example.Id, example.Label, example.Slot, example.CropSha256, example.Model, example.Descriptor.ToValues()))];
        foreach ((NewExample example, string name) in examples)
        {
            float[] values = example.Descriptor.ToValues();
            int same = known.FindIndex(other => other.CropSha256 == example.CropSha256 || (other.Model == example.Model && Cosine(other.Values, values) >= (other.Label != example.Label && other.Slot == example.Slot ? SamePlace : LeaveOneOut.NearDuplicate)));
            if (same >= 0 && known[same].Label == example.Label)
            {
                notTaught.Add(new NotTaught(name, NotTaught.Known, $"{Shown(example.Label)} has an example that shows the same.") { Example = known[same].Id, ExampleLabel = example.Label });
                continue;
            }
            if (same >= 0 && move && known[same].Id is { } id)
            {
                edits.Add(new ExampleEdit.Relabel(id, example.Label));
                moved.Add(id);
                known[same] = known[same] with { Label = example.Label };
                continue;
            }
            if (same >= 0)
            {
                notTaught.Add(new NotTaught(name, NotTaught.OtherLabel, $"{Shown(known[same].Label)} has an example that shows the same. If that is wrong, move it to {Shown(example.Label)}.")
                {
                    Example = known[same].Id,
                    ExampleLabel = known[same].Label,
                });
                continue;
            }
            edits.Add(new ExampleEdit.Add(example));
            known.Add((null, example.Label, example.Slot, example.CropSha256, example.Model, values));
        }
        return new LessonPlan(edits, moved, notTaught);
    }

    static double Cosine(float[] a, float[] b) => a.Length == b.Length ? TensorPrimitives.CosineSimilarity(a, b) : -1;

    static string Shown(string label) => label == Planogram.EmptyLabel ? "The empty place" : Platform.PlainText.Shown(label, 60);
}

/// <param name="Edits">What to change.</param>
/// <param name="Moved">The ids of the examples that get another label.</param>
/// <param name="NotTaught">The crops that do not become examples.</param>
sealed record LessonPlan(IReadOnlyList<ExampleEdit> Edits, IReadOnlyList<long> Moved, IReadOnlyList<NotTaught> NotTaught);
