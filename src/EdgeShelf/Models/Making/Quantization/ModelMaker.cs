using System.Text.Json;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Makes a model folder from an FP32 file and pictures: quantizes, compares, tunes on held-out pictures and writes.</summary>
/// <param name="progress">Receives the name of each step, its number of pictures, and each picture done.</param>
sealed class ModelMaker(QuantizeRequest request, IStepProgress progress)
{
    /// <summary>Share of the calibration pictures that may be unreadable; more than that suggests a wrong folder.</summary>
    const double MostUnreadable = 0.1;

    /// <summary>Calibration pictures that cannot be read, with the reason. A few of them do not stop the work.</summary>
    readonly Dictionary<string, EdgeShelfException> _unreadable = [];

    /// <exception cref="ConfigurationException">The network, the labels or the pictures cannot be used.</exception>
    /// <exception cref="EdgeShelfException">The INT8 network is too much worse than the FP32 one.</exception>
    public QuantizeReport Make(CancellationToken cancellationToken)
    {
        CheckWhatIsNeededLast();
        FloatNetwork network = NetworkReader.Read(OnnxModelFile.Read(request.Model));
        IReadOnlyList<ClassLabel> labels = request.Labels ?? [.. Enumerable.Range(0, network.Classes).Select(index => new ClassLabel(index, $"class-{index}", $"Class {index}", null))];
        if (labels.Count != network.Classes)
        {
            throw new ConfigurationException(
                $"{request.Model} has {network.Classes} classes and the labels {labels.Count}.", "Name the labels that the network was trained with, in the order of its logits.");
        }

        QuantizedNetwork quantized = Quantize(network, cancellationToken);
        List<ListedPicture> calibration = [.. request.Calibration.Where(picture => !_unreadable.ContainsKey(picture.Path))];
        Contestant int8 = new(quantized.Input, quantized.Outputs, quantized.Model);
        Contestant float32 = new(request.Input with { Type = "float32" }, new ModelOutputs { Features = null }, FloatModel.Write(network));

        IReadOnlyList<ScoredPicture[]> heldOut = Score("Comparing with FP32", request.HeldOut ?? calibration, [int8, float32], cancellationToken);
        string? problem = QuantizationGate.Problem(heldOut[1], heldOut[0], request.MaxLoss);
        if (problem is not null && !request.Force)
        {
            throw new EdgeShelfException(
                $"Not written: {problem}", "Calibrate on pictures like those the camera takes, try --method mse, or take it as it is with --force.");
        }

        ModelManifest manifest = new()
        {
            Name = request.Name,
            Version = request.Version,
            Files = new Dictionary<string, string>(),
            Input = quantized.Input,
            Outputs = quantized.Outputs,
            Quantization = JsonSerializer.SerializeToElement(Describe(), MakingJson.Manifest.QuantizedHow),
        };
        if (request.HeldOut is not null)
            manifest = Tune(manifest, heldOut[0]);
        manifest = manifest with
        {
            Temperature = request.Temperature ?? manifest.Temperature,
            Review = new ReviewThresholds
            {
                MinConfidence = request.MinConfidence ?? manifest.Review.MinConfidence,
                MinMargin = request.MinMargin ?? manifest.Review.MinMargin,
            },
        };
        if (request.Test is not null)
            manifest = Measure(manifest, [int8, float32], cancellationToken);
        Dictionary<string, byte[]> further = [];
        if (quantized.WithoutDescriptor is null)
        {
            using IStep step = progress.Begin("Averaging the descriptors", calibration.Count);
            further[DescriptorMean.FileName] = DescriptorMean.ToBytes(DescriptorMeanFit.Find(int8, calibration, step, cancellationToken));
        }

        ModelWriter.Write(request.Output, manifest, quantized.Model, labels, request.Golden ?? calibration[0].Path, further);
        return new QuantizeReport(ModelFolder.ReadManifest(request.Output), [.. Notes(network, quantized)], problem);
    }

    /// <summary>Checks the request first, so that a mistyped name does not waste minutes of work.</summary>
    void CheckWhatIsNeededLast()
    {
        ModelWriter.CheckPlace(request.Output);
        string[] problems = [.. ManifestRules.InputProblems(request.Input with { Type = "float32" })];
        if (problems.Length > 0)
            throw new ConfigurationException($"{string.Join("; ", problems)}.", "Give --resize, --crop, --mean and --std as the network's training had them.");
        if (request.Golden is { } golden)
            PictureCrop.Read(golden, new Preprocessor(request.Input with { Type = "float32" }));
    }

    QuantizedNetwork Quantize(FloatNetwork network, CancellationToken cancellationToken)
    {
        Preprocessor preprocessor = new(request.Input with { Type = "float32" });
        bool twice = request.Settings.Method == CalibrationMethod.Mse;
        using IStep step = progress.Begin("Calibrating", request.Calibration.Count * (twice ? 2 : 1));
        return Quantizer.Quantize(network, Tensors, request.Input, request.Settings, step, cancellationToken);

        IEnumerable<OrtValue> Tensors()
        {
            foreach (ListedPicture picture in request.Calibration)
            {
                if (TryRead(picture.Path, preprocessor) is { } crop)
                    yield return preprocessor.ToTensor(crop);
            }
        }
    }

    /// <returns>The result, or null if the picture cannot be read and enough others are left.</returns>
    /// <exception cref="EdgeShelfException">More than one picture in ten cannot be read; the message names the last one.</exception>
    byte[]? TryRead(string path, Preprocessor preprocessor)
    {
        try
        {
            return PictureCrop.Read(path, preprocessor);
        }
        catch (EdgeShelfException problem)
        {
            _unreadable[path] = problem;
            if (_unreadable.Count > request.Calibration.Count * MostUnreadable)
                throw new EdgeShelfException($"{_unreadable.Count} of {request.Calibration.Count} calibration pictures cannot be read, the last because of: {problem.Message}", problem.Hint, problem);
            return null;
        }
    }

    IReadOnlyList<ScoredPicture[]> Score(string title, IReadOnlyList<ListedPicture> pictures, Contestant[] contestants, CancellationToken cancellationToken)
    {
        using IStep step = progress.Begin(title, pictures.Count);
        return Scorer.Score(pictures, contestants, step, cancellationToken);
    }

    IEnumerable<string> Notes(FloatNetwork network, QuantizedNetwork quantized)
    {
        foreach (string note in network.Notes)
            yield return note;
        foreach (EdgeShelfException left in _unreadable.Values)
            yield return $"Left out of the calibration: {left.Message}";
        if (quantized.WithoutDescriptor is { } why)
            yield return $"The network has no output for the descriptor: {why}. It names pictures, but cannot be used for slots.";
    }

    ModelManifest Tune(ModelManifest manifest, ScoredPicture[] heldOut)
    {
        double temperature = TemperatureFit.Find(heldOut);
        return manifest with { Temperature = temperature, Review = ReviewFit.Find(Judgement.All(heldOut, temperature), request.KeptAccuracy) };
    }

    ModelManifest Measure(ModelManifest manifest, Contestant[] contestants, CancellationToken cancellationToken)
    {
        IReadOnlyList<ScoredPicture[]> scores = Score("Measuring", request.Test!, contestants, cancellationToken);
        Metrics[] metrics = [.. scores.Select(score => Metrics.Of(Judgement.All(score, manifest.Temperature)))];
        ReviewShare share = ReviewShare.Of(Judgement.All(scores[0], manifest.Temperature), manifest.Review);
        return manifest with
        {
            Measured = JsonSerializer.SerializeToElement(
                new QuantizedFigures(request.TestName, metrics[0].Images, Rates.Of(metrics[0]).Rounded(4), Rates.Of(metrics[1]).Rounded(4), Math.Round(share.Review, 4), Math.Round(share.Accuracy, 4)), MakingJson.Manifest.QuantizedFigures),
        };
    }

    QuantizedHow Describe() => new(
        "QDQ, uint8 activations, int8 weights per channel, int32 biases", request.Settings.Method == CalibrationMethod.Mse ? "mse" : "min-max",
        request.Calibration.Count, request.Settings.CorrectBias, Path.GetFileName(request.Model), ModelFolder.Sha256(request.Model));
}

/// <param name="Notes">Messages about the changes that the reader made to the network.</param>
/// <param name="Forced">The message of the gate if it was overruled.</param>
sealed record QuantizeReport(ModelManifest Manifest, IReadOnlyList<string> Notes, string? Forced);
