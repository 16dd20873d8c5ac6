using EdgeShelf.Cli;
using EdgeShelf.Models.Making;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>How often the contenders are right on labelled pictures, or how often they agree with the FP32 network on the sample pictures.</summary>
/// <param name="IsLabelled">Whether the pictures are labelled.</param>
/// <param name="Pictures">Number of pictures.</param>
/// <param name="Scores">One for each contender, and one for the FP32 network in ONNX Runtime.</param>
/// <param name="Logits">The difference between the INT8 and the FP32 network's logits on the sample pictures.</param>
sealed record Accuracy(bool IsLabelled, int Pictures, IReadOnlyList<Score> Scores, LogitDifference Logits)
{
    public static async Task<Accuracy> MeasureAsync(IReadOnlyList<RunningContender> services, InProcess networks, SideBySideOptions options)
    {
        (string Path, string Label)[] pictures = options.Data is { } list
            ? [.. PictureList.Read(list, options.Root, networks.Labels).Select(picture => (picture.Path, networks.Labels[picture.Class!.Value].Label))]
            : [.. DemoCommand.SamplePictures().Select(path => (path, networks.Top(path).First()))];
        int[] first = new int[services.Count + 1];
        int[] amongThree = new int[services.Count + 1];
        void Count(int index, IEnumerable<string> top, string label)
        {
            string[] labels = [.. top];
            first[index] += labels[0] == label ? 1 : 0;
            amongThree[index] += labels.Contains(label) ? 1 : 0;
        }
        foreach ((string path, string label) in pictures)
        {
            byte[] bytes = await File.ReadAllBytesAsync(path);
            for (int i = 0; i < services.Count; i++)
                Count(i, (await services[i].AskAsync(bytes)).Top, label);
            Count(services.Count, networks.Top(path), label);
        }
        string[] titles = [.. services.Select(service => service.Contender.Title), "ONNX Runtime FP32"];
        return new Accuracy(
            options.Data is not null, pictures.Length,
            [.. titles.Select((title, i) => new Score(title, (double)first[i] / pictures.Length, (double)amongThree[i] / pictures.Length))],
            LogitDifference.Of(networks));
    }
}

/// <param name="First">Share of pictures whose label is the best answer.</param>
/// <param name="AmongThree">Share of pictures whose label is among the best three.</param>
sealed record Score(string Title, double First, double AmongThree);

/// <summary>Shows that the FP32 network is the shipped INT8 network without its rounding.</summary>
/// <param name="Pictures">Number of sample pictures.</param>
/// <param name="SameFirst">On how many of them both networks have the same best label.</param>
/// <param name="SameThree">On how many of them the INT8 network's best label is among the FP32 network's best three.</param>
/// <param name="Mean">Mean difference of a logit.</param>
/// <param name="Range">Mean difference between the highest and the lowest logit of a picture, for comparison.</param>
sealed record LogitDifference(int Pictures, int SameFirst, int SameThree, double Mean, double Range)
{
    public static LogitDifference Of(InProcess networks)
    {
        (float[] Int8, float[] Fp32)[] pairs = [.. DemoCommand.SamplePictures().Select(networks.Logits)];
        return new LogitDifference(
            pairs.Length,
            pairs.Count(pair => InProcess.Best(pair.Int8)[0] == InProcess.Best(pair.Fp32)[0]),
            pairs.Count(pair => InProcess.Best(pair.Fp32).Contains(InProcess.Best(pair.Int8)[0])),
            pairs.Average(pair => pair.Int8.Zip(pair.Fp32, (one, other) => Math.Abs(one - other)).Average()),
            pairs.Average(pair => pair.Fp32.Max() - pair.Fp32.Min()));
    }
}
