using System.Diagnostics;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using Microsoft.ML.OnnxRuntime;

namespace EdgeShelf.Recognition;

/// <summary>
/// Turns a frame into a result: it decodes and preprocesses the picture, runs the network and decides about a review. It decodes one
/// picture at a time, so that only one is in memory, while the network runs for another. The worker's <see cref="Classify"/> precedes all
/// uploads that wait.
/// </summary>
/// <param name="models">The source of the model, which is borrowed for each picture or batch.</param>
/// <param name="cache">The cache of results. Null means that every picture is classified, which benchmarks need.</param>
/// <param name="gate">The gate of the network if somebody else runs it too, or null.</param>
sealed class ShelfClassifier(ActiveModel models, ResultCache? cache = null, PriorityGate? gate = null)
{
    const int TopCount = 3;

    readonly PriorityGate _decoder = new();
    readonly PriorityGate _network = gate ?? new();
    readonly Lock _cacheLock = new();
    LoadedModel? _cached;
    byte[] _crop = [];
    long _answered;
    volatile SeenPicture? _lastSeen;

    /// <summary>What the network last saw of the camera, or null before the first picture or if the model gives no descriptor.</summary>
    public SeenPicture? LastSeen => _lastSeen;

    /// <summary>The number of pictures that the network has classified so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Classifies one frame of the camera.</summary>
    /// <param name="look">
    /// A callback that gets the decoded picture once, before the network runs. It exists because a picture is decoded only once, and some
    /// callers need its pixels in addition to its result. Null means no callback.
    /// </param>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    /// <exception cref="NetworkException">The network failed.</exception>
    public ShelfResult Classify(Frame frame, Action<Picture>? look = null)
    {
        using PriorityGate.Holder decoding = _decoder.Enter();
        using ModelLease lease = models.Rent();
        LoadedModel model = lease.Model;
        if (Cached(model, frame) is { } known)
        {
            if (look is not null)
            {
                using Picture again = PictureDecoder.Decode(frame);
                look(again);
            }
            return known;
        }

        // One array for all frames, which the decoder's gate protects to the end: it is large, and large arrays are collected late.
        if (_crop.Length != model.Preprocessor.CropLength)
            _crop = new byte[model.Preprocessor.CropLength];
        byte[] crop = _crop;
        Prepared prepared = Prepare(model, frame, crop, look);
        FrameSignature? signature = cache is { ComparesFrames: true } && !frame.IsFrozen ? new FrameSignature(crop, model.Manifest.Input.Crop) : null;
        if (signature is not null && cache!.TryFindUnchanged(signature, out ShelfResult? unchanged))
            return unchanged with { Image = prepared.Image, Timings = prepared.Timings, Cached = true };

        using PriorityGate.Holder running = _network.Enter();
        ShelfResult result = Run(lease, [prepared], crop, answer => _lastSeen = model.HasDescriptor ? new SeenPicture(frame.Sha256, model.DescriptorSource!, Descriptor.Of(answer.DescriptorOf(0))) : null)[0];
        if (signature is not null)
            cache!.SetLastFrame(signature, result);
        return result;
    }

    /// <summary>
    /// Classifies uploaded pictures in one run of the network and with one model. <see cref="Classify"/> can run between the decoding of
    /// two pictures and before the network runs.
    /// </summary>
    /// <returns>One result for each frame, in the same order. A frame that is not a picture or is damaged has none; it does not cost the others theirs.</returns>
    /// <exception cref="NetworkException">The network failed.</exception>
    public async Task<BatchResult> ClassifyBatchAsync(IReadOnlyList<Frame> frames, CancellationToken cancellationToken)
    {
        using ModelLease lease = models.Rent();
        LoadedModel model = lease.Model;
        ShelfResult?[] results = new ShelfResult?[frames.Count];
        PictureException?[] problems = new PictureException?[frames.Count];
        byte[] crops = new byte[frames.Count * model.Preprocessor.CropLength];
        List<Prepared> prepared = [];
        List<int> positions = [];
        for (int i = 0; i < frames.Count; i++)
        {
            using PriorityGate.Holder decoding = await _decoder.EnterAsync(cancellationToken);
            results[i] = Cached(model, frames[i]);
            if (results[i] is not null)
                continue;
            try
            {
                prepared.Add(Prepare(model, frames[i], crops.AsSpan(prepared.Count * model.Preprocessor.CropLength, model.Preprocessor.CropLength), null));
                positions.Add(i);
            }
            catch (PictureException problem)
            {
                problems[i] = problem;
            }
        }
        if (prepared.Count > 0)
        {
            using PriorityGate.Holder running = await _network.EnterAsync(cancellationToken);
            ShelfResult[] ran = Run(lease, prepared, crops.AsSpan(0, prepared.Count * model.Preprocessor.CropLength));
            for (int i = 0; i < ran.Length; i++)
                results[positions[i]] = ran[i];
        }
        return new BatchResult(results, problems);
    }

    ShelfResult? Cached(LoadedModel model, Frame frame)
    {
        lock (_cacheLock)
        {
            if (!ReferenceEquals(_cached, model))
            {
                // The results of the old model are not valid for the new one.
                cache?.Clear();
                _cached = model;
            }
        }
        // A frozen camera repeats the same bytes, and the cached result of the first picture must not hide that.
        return cache is not null && !frame.IsFrozen && cache.TryFind(frame.Sha256, out ShelfResult? known)
            ? known with
            {
                Image = known.Image with { Source = frame.Source, Name = frame.Name },
                Timings = new StageTimings(frame.CaptureTime, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
                Cached = true,
            }
            : null;
    }

    /// <summary>Decodes a frame and crops it to the input of the network.</summary>
    /// <param name="crop">The destination of side x side x 3 bytes.</param>
    static Prepared Prepare(LoadedModel model, Frame frame, Span<byte> crop, Action<Picture>? look)
    {
        long started = Stopwatch.GetTimestamp();
        using Picture picture = PictureDecoder.Decode(frame);
        TimeSpan decode = Stopwatch.GetElapsedTime(started);
        look?.Invoke(picture);
        started = Stopwatch.GetTimestamp();
        model.Preprocessor.Crop(picture, crop);
        TimeSpan resize = Stopwatch.GetElapsedTime(started);
        ImageInfo image = new(picture.FullSize.Width, picture.FullSize.Height, frame.Sha256, frame.Source, frame.Name);
        bool unusable = frame.IsFrozen || !PictureQuality.Of(crop, model.Manifest.Input.Crop).IsUsable;
        return new Prepared(image, new StageTimings(frame.CaptureTime, decode, resize, TimeSpan.Zero), unusable, frame.IsFrozen);
    }

    /// <summary>Runs the network. The inference time of a batch is divided equally among its pictures.</summary>
    /// <param name="seen">A callback that gets the answer of the network, or null.</param>
    ShelfResult[] Run(ModelLease lease, IReadOnlyList<Prepared> pictures, ReadOnlySpan<byte> crops, Action<NetworkAnswer>? seen = null)
    {
        LoadedModel model = lease.Model;
        long started = Stopwatch.GetTimestamp();
        using OrtValue tensor = model.Preprocessor.ToTensor(crops);
        TimeSpan fill = Stopwatch.GetElapsedTime(started) / pictures.Count;

        started = Stopwatch.GetTimestamp();
        NetworkAnswer answer = Run(lease, tensor, pictures.Count);
        seen?.Invoke(answer);
        Interlocked.Add(ref _answered, pictures.Count);
        TimeSpan inference = Stopwatch.GetElapsedTime(started) / pictures.Count;

        ShelfResult[] results = new ShelfResult[pictures.Count];
        for (int i = 0; i < results.Length; i++)
        {
            StageTimings timings = pictures[i].Timings with { Preprocess = pictures[i].Timings.Preprocess + fill, Inference = inference };
            results[i] = new ShelfResult(pictures[i].Image, model.Info, [Decide(model, answer.LogitsOf(i), answer.FeaturesOf(i), pictures[i].IsUnusable)], timings);
            lock (_cacheLock)
            {
                if (!pictures[i].IsFrozen && ReferenceEquals(_cached, model))
                    cache?.Add(results[i]);
            }
        }
        return results;
    }

    NetworkAnswer Run(ModelLease lease, OrtValue tensor, int pictures)
    {
        // Batches do not count: one can fail for want of memory, which is not the model's fault.
        bool counts = pictures == 1;
        try
        {
            NetworkAnswer answer = lease.Model.Network.Run(tensor);
            if (counts)
                models.Succeeded(lease);
            return answer;
        }
        catch (NetworkException problem)
        {
            if (counts)
                models.Failed(lease, problem);
            throw;
        }
    }

    /// <summary>Decides about the model's answer for one crop.</summary>
    internal static SlotResult Decide(LoadedModel model, ReadOnlySpan<float> logits, ReadOnlySpan<float> features, bool unusable)
    {
        double[] probabilities = Softmax.Probabilities(logits, model.Manifest.Temperature);
        Prediction[] top = [.. Softmax.TopK(probabilities, TopCount).Select(index =>
            new Prediction(model.Labels[index].Label, index, Math.Round(probabilities[index], 4), model.Labels[index].Sku))];
        string? reason = unusable ? ReviewRule.UnusableImage
            : model.IsUnknown(features) ? ReviewRule.UnknownProduct
            : ReviewRule.ReasonToReview(top, model.Manifest.Review);
        return new SlotResult("shelf", top, reason is not null, reason);
    }

    /// <summary>A picture whose crop is ready for the network.</summary>
    /// <param name="Timings">The timings so far, without inference.</param>
    readonly record struct Prepared(ImageInfo Image, StageTimings Timings, bool IsUnusable, bool IsFrozen);
}

/// <summary>The answers for several pictures, in their order. Each picture has either a result or a problem.</summary>
sealed record BatchResult(IReadOnlyList<ShelfResult?> Results, IReadOnlyList<PictureException?> Problems);

/// <summary>What the network saw of one picture.</summary>
/// <param name="Sha256">The SHA-256 of the picture's bytes.</param>
/// <param name="Model">The <see cref="LoadedModel.DescriptorSource"/> of the model.</param>
/// <param name="Descriptor">The descriptor, see <see cref="Models.Descriptor"/>.</param>
sealed record SeenPicture(string Sha256, string Model, float[] Descriptor);
