using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Teaching.Training;

/// <summary>Runs a network over the views of pictures.</summary>
static class PictureDescriber
{
    /// <param name="notes">Receives a sentence for each picture that cannot be used.</param>
    /// <param name="progress">Receives the number of pictures done so far.</param>
    public static List<DescribedPicture> Describe(
        LoadedModel model, IReadOnlyList<TrainingPicture> pictures, List<string> notes, IProgress<int> progress, CancellationToken cancellationToken)
    {
        List<DescribedPicture> seen = [];
        for (int at = 0; at < pictures.Count; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(model, pictures[at], notes) is { } one)
                seen.Add(one);
            progress.Report(at + 1);
        }
        return seen;
    }

    static DescribedPicture? Describe(LoadedModel model, TrainingPicture picture, List<string> notes)
    {
        byte[] views;
        try
        {
            // An example that was removed in the meantime is no problem.
            if (picture.Read() is not { } bytes)
                return null;
            views = CropViews.Of(bytes, model.Preprocessor, model.Manifest.Input.Crop);
        }
        catch (Exception problem) when (problem is PictureException or IOException or UnauthorizedAccessException)
        {
            notes.Add($"Left out: {LabelText.Show(picture.Name)} of {LabelText.Show(picture.Label)}: {problem.Message}");
            return null;
        }
        using var tensor = model.Preprocessor.ToTensor(views);
        NetworkAnswer answer = model.Network.Run(tensor);
        return new DescribedPicture(
            picture.Example with { Descriptor = CompactDescriptor.Of(Descriptor.Of(answer.DescriptorOf(0))), Model = model.DescriptorSource! }, picture.Name,
            [.. Enumerable.Range(0, CropViews.Count).Select(view => answer.FeaturesOf(view).ToArray())], picture.Read);
    }
}
