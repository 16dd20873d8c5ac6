using System.Diagnostics;
using System.Security.Cryptography;
using EdgeShelf.Capture;
using EdgeShelf.Models;

namespace EdgeShelf.Vision;

/// <summary>A frame to a result: decode, preprocess, run the network, decide. One picture at a time.</summary>
sealed class ShelfClassifier(LoadedModel model) : IDisposable
{
    const int TopCount = 3;

    public LoadedModel Model => model;

    /// <summary>Takes another model from the next picture on, and disposes of the old one. Not while a picture is classified.</summary>
    public void Replace(LoadedModel next)
    {
        model.Dispose();
        model = next;
    }

    /// <exception cref="PictureException">The frame is no picture, or a damaged one.</exception>
    public ShelfResult Classify(Frame frame)
    {
        byte[] crop = new byte[model.Preprocessor.CropLength];
        ImageInfo image = Crop(frame, crop, out TimeSpan decode, out TimeSpan resize);

        long started = Stopwatch.GetTimestamp();
        using var tensor = model.Preprocessor.ToTensor(crop);
        TimeSpan preprocess = resize + Stopwatch.GetElapsedTime(started);

        started = Stopwatch.GetTimestamp();
        NetworkAnswer answer = model.Network.Run(tensor);
        TimeSpan inference = Stopwatch.GetElapsedTime(started);

        bool unusable = frame.IsFrozen || !PictureQuality.Of(crop, model.Manifest.Input.Crop).IsUsable;
        return new ShelfResult(image, model.Info, [Decide(answer.LogitsOf(0), unusable)], new StageTimings(frame.CaptureTime, decode, preprocess, inference));
    }

    /// <summary>Decodes a frame and cuts what the network is to see.</summary>
    /// <param name="crop">Receives side x side x 3 bytes.</param>
    /// <exception cref="PictureException">The frame is no picture, or a damaged one.</exception>
    public ImageInfo Crop(Frame frame, Span<byte> crop, out TimeSpan decode, out TimeSpan resize)
    {
        long started = Stopwatch.GetTimestamp();
        using Picture picture = PictureDecoder.Decode(frame);
        decode = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        model.Preprocessor.Crop(picture, crop);
        resize = Stopwatch.GetElapsedTime(started);
        return new ImageInfo(picture.FullSize.Width, picture.FullSize.Height, Convert.ToHexStringLower(SHA256.HashData(frame.Bytes.Span)), frame.Source, frame.Name);
    }

    public void Dispose() => model.Dispose();

    SlotResult Decide(ReadOnlySpan<float> logits, bool unusable)
    {
        double[] probabilities = Softmax.Probabilities(logits, model.Manifest.Temperature);
        Prediction[] top = [.. Softmax.TopK(probabilities, TopCount).Select(index =>
            new Prediction(model.Labels[index].Label, index, Math.Round(probabilities[index], 4), model.Labels[index].Sku))];
        string? reason = unusable ? ReviewRule.UnusableImage : ReviewRule.ReasonToReview(top, model.Manifest.Review);
        return new SlotResult("shelf", top, reason is not null, reason);
    }
}
