using System.Diagnostics;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;

namespace EdgeShelf.Recognition.Slots;

/// <summary>
/// Looks at the slots of one picture: it decodes the picture once, puts it on the reference picture, cuts the slots, runs the network for
/// those that changed and compares them with the examples. One picture at a time.
/// </summary>
/// <param name="gate">The gate of the network. Uploads enter between two batches.</param>
/// <param name="memory">What the network said before, or null to judge each picture alone.</param>
/// <param name="counters">Counts the slots for which the network ran, or null.</param>
/// <param name="progress">Is told of each batch, so that a bay of many slots on a slow board is not taken for a hung network; or null.</param>
sealed class BayReader(
    ActiveModel models, PriorityGate gate, SlotMemory? memory, LikenessThresholds thresholds, SlotCounters? counters = null, StageProgress? progress = null)
{
    /// <summary>The number of slots in one run of the network. Each takes about 1.5 MB while it runs.</summary>
    const int BatchSize = 4;

    const int TopCount = 3;

    /// <summary>The minimum sharpness compared with the reference picture, see <see cref="RelativeSharpness"/>.</summary>
    const double MinSharpness = 0.3;

    (LoadedModel Model, ExampleSet Examples, LikenessIndex Index)? _index;
    ViewAlignment _last;
    byte[] _crops = [];

    /// <param name="plan">The slots, what belongs there, and what products look like.</param>
    /// <param name="reference">The picture on which the slots were drawn, or null if the slots stay where they are.</param>
    /// <param name="look">A callback that gets the decoded picture once, before the network runs, or null.</param>
    /// <exception cref="PictureException">The frame is not a picture, or the picture is damaged.</exception>
    /// <exception cref="NetworkException">The network failed.</exception>
    /// <exception cref="ConfigurationException">The model gives no descriptor.</exception>
    public async Task<BayReading> ReadAsync(
        Frame frame, BayPlan plan, ReferenceView? reference, Action<Picture>? look, CancellationToken cancellationToken)
    {
        using ModelLease lease = models.Rent();
        LoadedModel model = lease.Model;
        Descriptor.Require(model);
        memory?.Forget(plan.Slots);
        IDisposable? work = progress?.Enter(Stage.Inference);
        PriorityGate.Holder turn = gate.Enter();
        try
        {
            long started = Stopwatch.GetTimestamp();
            using Picture picture = PictureDecoder.Decode(frame, [.. plan.Slots.Slots.Select(slot => slot.Region)], model.Manifest.Input.Crop);
            TimeSpan decode = Stopwatch.GetElapsedTime(started);
            look?.Invoke(picture);

            started = Stopwatch.GetTimestamp();
            PictureFlaw flaw = FlawOf(model, picture);
            (ViewAlignment alignment, double? sharpness) = flaw is PictureFlaw.None or PictureFlaw.Blurred ? Align(reference, picture) : default;
            // The detail of a whole picture also falls when goods are taken. What is still there tells whether the picture is blurred.
            if (alignment.Ok && sharpness is { } ratio)
                flaw = ratio < MinSharpness ? PictureFlaw.Blurred : PictureFlaw.None;
            bool isUsable = flaw == PictureFlaw.None && !frame.IsFrozen;
            BayView view = !isUsable ? BayView.Unusable : alignment.Ok ? BayView.Clear : alignment.IsMoved ? BayView.CameraMoved : BayView.Unusable;
            TimeSpan preprocess = Stopwatch.GetElapsedTime(started);

            SlotAnswer?[] answers = new SlotAnswer?[plan.Slots.Slots.Count];
            List<int> changed = [];
            TimeSpan inference = TimeSpan.Zero;
            if (view == BayView.Clear)
            {
                started = Stopwatch.GetTimestamp();
                SlotSignature?[] signatures = Recall(model, plan.Slots, picture, alignment, answers, changed);
                preprocess += Stopwatch.GetElapsedTime(started);
                foreach (int[] batch in changed.Chunk(BatchSize))
                {
                    if (batch[0] != changed[0])
                    {
                        work?.Dispose();
                        work = progress?.Enter(Stage.Inference);
                        turn.Dispose();
                        turn = await gate.EnterAsync(cancellationToken);
                    }
                    started = Stopwatch.GetTimestamp();
                    Cut(model, plan.Slots, picture, alignment, batch);
                    preprocess += Stopwatch.GetElapsedTime(started);
                    started = Stopwatch.GetTimestamp();
                    Run(lease, batch, answers);
                    inference += Stopwatch.GetElapsedTime(started);
                    foreach (int index in batch)
                    {
                        if (signatures[index] is { } signature)
                            memory?.Keep(plan.Slots.Slots[index], signature, answers[index]!);
                    }
                }
                // Not after each batch: a network that fails with one slot of each picture fails with each picture.
                if (changed.Count > 0)
                    models.Succeeded(lease);
                counters?.Run(changed.Count);
                counters?.Skip(answers.Count(answer => answer is not null) - changed.Count);
            }

            LikenessIndex likeness = IndexOf(model, plan.Examples);
            SlotLook[] slots = [.. plan.Slots.Slots.Select((slot, index) => Judge(model, likeness, plan, slot, alignment, answers[index], !changed.Contains(index)))];
            BayLook seen = new(frame, frame.CapturedAt, view, flaw, alignment.Dx, alignment.Dy, alignment.Reason, slots, changed.Count) { Model = model.DescriptorSource };
            ImageInfo image = new(picture.FullSize.Width, picture.FullSize.Height, frame.Sha256, frame.Source, frame.Name);
            return new BayReading(seen, image, model.Info, new StageTimings(frame.CaptureTime, decode, preprocess, inference));
        }
        finally
        {
            turn.Dispose();
            work?.Dispose();
        }
    }

    /// <summary>A reference without structure cannot be compared; the slots then stay where they are.</summary>
    (ViewAlignment Alignment, double? Sharpness) Align(ReferenceView? reference, Picture picture)
    {
        if (reference is not { IsUsable: true })
            return default;
        GreyPicture grey = GreyPicture.Of(picture, GreyPicture.ShiftSide);
        ViewAlignment alignment = reference.Align(grey, _last);
        if (alignment.Ok)
            _last = alignment;
        return (alignment, alignment.Ok ? reference.SharpnessOf(grey, alignment) : null);
    }

    PictureFlaw FlawOf(LoadedModel model, Picture picture)
    {
        Span<byte> whole = Crops(model, 1);
        model.Preprocessor.Crop(picture, whole);
        return PictureQuality.Of(whole, model.Manifest.Input.Crop).Flaw;
    }

    /// <summary>Answers the slots that look as they did, and lists the others.</summary>
    SlotSignature?[] Recall(LoadedModel model, SlotMap slots, Picture picture, ViewAlignment alignment, SlotAnswer?[] answers, List<int> changed)
    {
        SlotSignature?[] signatures = new SlotSignature?[answers.Length];
        for (int index = 0; index < answers.Length; index++)
        {
            Slot slot = slots.Slots[index];
            Region region = Here(slot, alignment);
            // A slot that left the picture with the shift cannot be seen.
            if (region.Width <= 0 || region.Height <= 0)
                continue;
            if (memory is not null)
            {
                signatures[index] = new SlotSignature(picture, region);
                answers[index] = memory.Find(model, slot, signatures[index]!);
            }
            if (answers[index] is null)
                changed.Add(index);
        }
        return signatures;
    }

    /// <summary>Cuts the slots of a batch into <see cref="Crops"/>.</summary>
    void Cut(LoadedModel model, SlotMap slots, Picture picture, ViewAlignment alignment, int[] batch)
    {
        int length = model.Preprocessor.CropLength;
        Span<byte> crops = Crops(model, batch.Length);
        for (int at = 0; at < batch.Length; at++)
            model.Preprocessor.CropRegion(picture, Here(slots.Slots[batch[at]], alignment), crops.Slice(at * length, length));
    }

    /// <summary>The memory of crops, one array for all frames, which the gate protects: it is large, and large arrays are collected late.</summary>
    Span<byte> Crops(LoadedModel model, int count)
    {
        int length = count * model.Preprocessor.CropLength;
        if (_crops.Length < length)
            _crops = new byte[length];
        return _crops.AsSpan(0, length);
    }

    void Run(ModelLease lease, int[] batch, SlotAnswer?[] answers)
    {
        LoadedModel model = lease.Model;
        using var tensor = model.Preprocessor.ToTensor(Crops(model, batch.Length));
        NetworkAnswer answer;
        try
        {
            answer = model.Network.Run(tensor);
        }
        catch (NetworkException problem)
        {
            models.Failed(lease, problem);
            throw;
        }
        for (int at = 0; at < batch.Length; at++)
        {
            SlotResult classes = ShelfClassifier.Decide(model, answer.LogitsOf(at), answer.FeaturesOf(at), unusable: false);
            answers[batch[at]] = new SlotAnswer(Descriptor.Of(answer.DescriptorOf(at)), classes.Top, classes.ReviewReason) { TaughtScores = model.TaughtScores(answer.LogitsOf(at)) };
        }
    }

    SlotLook Judge(LoadedModel model, LikenessIndex likeness, BayPlan plan, Slot slot, ViewAlignment alignment, SlotAnswer? answer, bool skipped)
    {
        ExpectedProduct? expected = plan.Planogram?.ExpectedIn(slot.Name);
        Region here = Here(slot, alignment);
        if (answer is null)
            return new SlotLook(slot, here, expected, null, null, [], false);
        bool isModels = expected is null || !likeness.Knows(expected.Label);
        ModelOpinion opinion = new(
            expected is not null && model.Labels.Any(label => label.Label == expected.Label),
            answer.ReviewReason is null ? answer.Top[0].Label : null)
        { TaughtScores = answer.TaughtScores };
        SlotJudgement judgement = SlotJudge.Judge(likeness, answer.Descriptor, expected?.Label, opinion, thresholds);
        IReadOnlyList<Prediction> top = judgement.Products.Count == 0 || (isModels && opinion.KnowsExpected) ? answer.Top : [.. judgement.Products.Take(TopCount).Select(entry => Predict(plan, likeness, entry))];
        return new SlotLook(slot, here, expected, answer.Descriptor, judgement, top, skipped);
    }

    /// <summary>A taught product as a prediction: its likeness stands for the confidence, its place among the taught labels for the class.</summary>
    static Prediction Predict(BayPlan plan, LikenessIndex likeness, LabelLikeness entry) => new(
        entry.Label, likeness.Labels.ToList().IndexOf(entry.Label), Math.Max(0, entry.Likeness),
        plan.Planogram?.Products.FirstOrDefault(product => product.Label == entry.Label)?.Sku);

    static Region Here(Slot slot, ViewAlignment alignment) => slot.Region.Shifted(alignment.Dx, alignment.Dy).ClippedToPicture();

    LikenessIndex IndexOf(LoadedModel model, ExampleSet examples)
    {
        if (_index is not { } known || !ReferenceEquals(known.Model, model) || known.Examples != examples)
            _index = (model, examples, new LikenessIndex(examples.Model is null || examples.Model == model.DescriptorSource ? examples.Examples : [], model.DescriptorMean.Span));
        return _index.Value.Index;
    }
}

/// <summary>A look with what its result needs besides.</summary>
sealed record BayReading(BayLook Look, ImageInfo Image, ModelInfo Model, StageTimings Timings);
