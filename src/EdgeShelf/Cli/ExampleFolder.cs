using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Examples as a folder tree, `DIR/LABEL/*.jpg|png`: each picture is the crop of one place, and `empty` holds places without goods.</summary>
static class ExampleFolder
{
    /// <summary>The number of crops in one run of the network. Each takes about 1.5 MB while it runs.</summary>
    const int BatchSize = 4;

    static readonly Region Whole = new(0, 0, 1, 1);

    /// <summary>Describes all pictures of the tree with the model.</summary>
    /// <exception cref="ConfigurationException">The folder cannot be read, holds no examples, or one of them is not a picture.</exception>
    public static ExampleSet Read(string folder, LoadedModel model, IStepProgress progress)
    {
        Descriptor.Require(model);
        (string Label, string File)[] pictures = [.. LabelFolders(folder).SelectMany(inner => PictureTree.Read(inner).Files.Select(file => (LabelText.Clean(Path.GetFileName(inner)), file)))];
        if (pictures.Length == 0)
            throw new ConfigurationException($"{folder} holds no examples.", $"Make a folder in it for each product, named by its label (`{Planogram.EmptyLabel}` for places without goods), and put JPEG or PNG crops of its places into it.");
        List<Example> examples = [];
        using IStep step = progress.Begin("Examples", pictures.Length);
        foreach ((string Label, string File)[] batch in pictures.Chunk(BatchSize))
        {
            int length = model.Preprocessor.CropLength;
            byte[] crops = new byte[batch.Length * length];
            for (int at = 0; at < batch.Length; at++)
                Cut(model, batch[at].File, crops.AsSpan(at * length, length));
            using var tensor = model.Preprocessor.ToTensor(crops);
            NetworkAnswer answer = model.Network.Run(tensor);
            for (int at = 0; at < batch.Length; at++)
                examples.Add(new Example(examples.Count + 1, batch[at].Label, null, CompactDescriptor.Of(Descriptor.Of(answer.DescriptorOf(at)))));
            step.Report(examples.Count);
        }
        return new ExampleSet(1, examples) { Model = model.DescriptorSource };
    }

    static IEnumerable<string> LabelFolders(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Where(inner => !PictureTree.IsForeign(inner)).Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{folder} cannot be read: {problem.Message}", "Name a folder with one folder of pictures for each label.", problem);
        }
    }

    static void Cut(LoadedModel model, string file, Span<byte> crop)
    {
        try
        {
            using Picture picture = PictureDecoder.Decode(PictureFiles.Read(file), [Whole], model.Manifest.Input.Crop);
            model.Preprocessor.CropRegion(picture, Whole, crop);
        }
        catch (PictureException problem)
        {
            throw new ConfigurationException($"The example {file} cannot be used: {problem.Message}", problem.Hint, problem);
        }
    }
}
