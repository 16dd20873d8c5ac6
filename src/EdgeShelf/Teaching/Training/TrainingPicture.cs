using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching.Training;

/// <summary>A picture to train on: an example's crop, or a file.</summary>
/// <param name="Example">What is known of it. Its descriptor is made anew.</param>
/// <param name="Name">How messages name it.</param>
/// <param name="Read">Reads the picture; null if it is gone.</param>
sealed record TrainingPicture(TaughtExample Example, string Name, Func<byte[]?> Read)
{
    public string Label => Example.Label;

    static readonly CompactDescriptor None = new([], 0);

    /// <summary>The crops of the store, in the order of their ids.</summary>
    public static IEnumerable<TrainingPicture> Of(ExampleStore store) =>
        store.Now.Examples.Select(example => new TrainingPicture(example, $"example {example.Id}", () => store.Crop(example.Id)));

    /// <summary>
    /// The pictures of a folder. Neighbours are assumed to have been taken together: a label's pictures are divided into at most as many runs as there
    /// are folds, and a run counts as one visit to one place.
    /// </summary>
    public static IEnumerable<TrainingPicture> Of(TrainingSet set)
    {
        long id = long.MinValue;
        foreach (var label in set.Pictures.GroupBy(picture => picture.Class!.Value))
        {
            int count = label.Count();
            int position = 0;
            foreach (var picture in label)
            {
                int run = position++ * Math.Min(VisitFolds.Count, count) / count;
                TaughtExample example = new(
                    id++, set.Labels[label.Key].Label, $"folder {run}", DateTimeOffset.UnixEpoch, ExampleSources.Verb, "", 0, "", None);
                yield return new TrainingPicture(example, picture.Path, () => File.ReadAllBytes(picture.Path));
            }
        }
    }
}

/// <summary>A picture and what the network says of it.</summary>
/// <param name="Features">The features of each of <see cref="CropViews"/>.</param>
sealed record DescribedPicture(TaughtExample Example, string Name, float[][] Features, Func<byte[]?> Read)
{
    public string Label => Example.Label;

    /// <summary>The features of the crop as it is.</summary>
    public float[] Plain => Features[0];
}
