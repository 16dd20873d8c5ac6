using EdgeShelf.Shelf;

namespace EdgeShelf.Models.Making.Evaluation;

/// <summary>A network under test. Each worker opens its own instance.</summary>
/// <param name="Input">Size and normalization of the input. Scorers that are compared have the same size, so that each picture is cropped once.</param>
sealed record Contestant(ModelInput Input, ModelOutputs Outputs, byte[] Onnx)
{
    /// <summary>The network of a model folder.</summary>
    public static Contestant Of(string folder, ModelManifest manifest) =>
        new(manifest.Input, manifest.Outputs, File.ReadAllBytes(Path.Combine(folder, ModelManifest.ModelFileName)));

    public Network Open() => new(Onnx, Input, Outputs, threads: 1);
}

/// <summary>A picture and the output of a network for it.</summary>
sealed record ScoredPicture(ListedPicture Picture, float[] Logits, float[]? Features);

/// <summary>Runs networks over pictures, on all processors, through the product's own decoder and preprocessor.</summary>
static class Scorer
{
    /// <param name="progress">Receives the number of pictures done so far.</param>
    /// <returns>For each contestant its scores in the order of the pictures.</returns>
    /// <exception cref="EdgeShelfException">A picture cannot be read; the message names it.</exception>
    public static IReadOnlyList<ScoredPicture[]> Score(
        IReadOnlyList<ListedPicture> pictures, IReadOnlyList<Contestant> contestants, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ScoredPicture[][] scores = [.. contestants.Select(_ => new ScoredPicture[pictures.Count])];
        Preprocessor[] preprocessors = [.. contestants.Select(contestant => new Preprocessor(contestant.Input))];
        int done = 0;
        try
        {
            Parallel.For(
                0, pictures.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
                () => contestants.Select(contestant => contestant.Open()).ToArray(),
                (index, _, networks) =>
                {
                    byte[] crop = PictureCrop.Read(pictures[index].Path, preprocessors[0]);
                    for (int contestant = 0; contestant < networks.Length; contestant++)
                    {
                        using var tensor = preprocessors[contestant].ToTensor(crop);
                        NetworkAnswer answer = networks[contestant].Run(tensor);
                        scores[contestant][index] = new ScoredPicture(pictures[index], answer.Logits, answer.Features);
                    }

                    progress?.Report(Interlocked.Increment(ref done));
                    return networks;
                },
                networks => Array.ForEach(networks, network => network.Dispose()));
        }
        catch (AggregateException problems) when (problems.InnerExceptions.OfType<EdgeShelfException>().FirstOrDefault() is { } problem)
        {
            throw problem;
        }

        return scores;
    }
}
