using System.Security.Cryptography;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Figures;
using EdgeShelf.Teaching.Store;

namespace EdgeShelf.Teaching;

/// <summary>
/// Teaches products from what the camera saw, or from files. Each change is measured before it is made: one that makes the device worse is
/// made only if it is confirmed, and each one can be taken back. Thread-safe: of two who teach at once, one waits for the other.
/// </summary>
/// <param name="thresholds">The thresholds of likeness in force.</param>
/// <param name="stillWithin">The largest difference, as 1 - cosine, between two looks at a still slot.</param>
sealed class Teacher(ExampleStore store, CropDescriber describer, LatestLook latest, RecentLooks recent, LikenessThresholds thresholds, double stillWithin)
{
    public const int MaxSlots = SlotMap.MaxSlots;

    readonly Lock _figuresGate = new();
    (ExampleState State, string? Model, TeachingFigures Figures)? _figures;

    /// <summary>Teaches slots of the last look.</summary>
    /// <exception cref="TeachingException">The last picture does not show the shelf, or no slot can be taught. Nothing was changed.</exception>
    /// <exception cref="WorseException">Something would get worse, and the lesson is not confirmed. Nothing was changed.</exception>
    public async Task<LessonResult> TeachAsync(Lesson lesson, CancellationToken cancellationToken) =>
        await TakeAsync(lesson, LookNow(), mustBeStill: true, isPreview: false, cancellationToken);

    /// <summary>Measures what teaching these slots would do, and changes nothing.</summary>
    /// <exception cref="TeachingException">The last picture does not show the shelf, or no slot can be taught.</exception>
    public async Task<LessonResult> PreviewAsync(Lesson lesson, CancellationToken cancellationToken) =>
        await TakeAsync(lesson, LookNow(), mustBeStill: true, isPreview: true, cancellationToken);

    /// <summary>Corrects an earlier result: what its slot showed becomes an example of the label.</summary>
    /// <param name="result">The result's id.</param>
    /// <exception cref="TeachingException">The device does not have that picture any more, or it cannot be taught. Nothing was changed.</exception>
    /// <exception cref="WorseException">Something would get worse, and the lesson is not confirmed. Nothing was changed.</exception>
    public async Task<LessonResult> CorrectAsync(string result, Lesson lesson, CancellationToken cancellationToken)
    {
        string slot = lesson.Slots is [var only] ? only : throw new ArgumentException("A correction is of one slot.", nameof(lesson));
        BayLook look = recent.Find(result, slot) ?? throw new TeachingException(
            TeachingException.NotFound, $"The device no longer has what slot {Show(slot)} showed in result {Show(result)}, or never judged it.",
            $"It keeps the last {RecentLooks.Kept} looks, and what has looked the same since. Teach the slot as it looks now.");
        // Who corrects an old result has seen it, so it need not have been still.
        return await TakeAsync(lesson, look, mustBeStill: false, isPreview: false, cancellationToken);
    }

    /// <summary>Teaches crops that did not come from the last look.</summary>
    /// <param name="kind">One of <see cref="StepKinds"/>.</param>
    /// <param name="products">The details of products to keep.</param>
    /// <param name="isPreview">Whether nothing is changed.</param>
    /// <exception cref="TeachingException">No crop can be taught. Nothing was changed.</exception>
    /// <exception cref="WorseException">Something would get worse, and it is not confirmed. Nothing was changed.</exception>
    public async Task<LessonResult> TeachCropsAsync(
        string kind, IReadOnlyList<Crop> crops, IReadOnlyList<Product> products, Lesson lesson, List<NotTaught> notTaught, IReadOnlySet<string> corrected, bool isPreview,
        CancellationToken cancellationToken)
    {
        List<Crop> usable = [.. crops.Where(crop => IsUsable(crop, notTaught))];
        IReadOnlyList<(NewExample Example, string Name)> examples = await DescribeAsync(usable, lesson.Source, cancellationToken);
        string model = examples.Count > 0 ? examples[0].Example.Model : describer.Model ?? "";
        ReadOnlyMemory<float> baseMean = describer.BaseMean;
        TeachingEffect effect = TeachingEffect.None;
        LessonPlan? plan = null;
        ExamplePlan Decide(ExampleState state)
        {
            plan = LessonPlanner.Plan(state, examples, lesson.Move);
            NotTaught[] all = [.. notTaught, .. plan.NotTaught];
            // What is known already needs no teaching, and that is no problem.
            if (plan.Edits.Count == 0 && all.Any(one => one.Code != NotTaught.Known))
                throw Nothing(all);
            List<ExampleEdit> edits = [.. plan.Edits, .. products.Where(product => state.Products.GetValueOrDefault(product.Label) != product).Select(product => new ExampleEdit.PutProduct(product))];
            if (edits.Count == 0)
                return new ExamplePlan("", []);
            effect = EffectMeter.Measure(state, store.Bounded(state, edits).After, latest.Now, model, baseMean.Span, thresholds, corrected);
            if (effect.Worse.Count > 0 && !lesson.Confirm && !isPreview)
                throw new WorseException(effect);
            return new ExamplePlan(Summary(kind, plan, products), edits);
        }

        ExampleChange change = isPreview ? Preview(Decide) : store.Change(kind, Decide);
        TaughtExample[] moved = [.. plan!.Moved.Select(change.Now.Find).OfType<TaughtExample>()];
        return new LessonResult(change, moved, [.. notTaught, .. plan.NotTaught], effect);
    }

    ExampleChange Preview(Func<ExampleState, ExamplePlan> decide)
    {
        ExampleState before = store.Now;
        ExamplePlan plan = decide(before);
        (ExampleState after, IReadOnlyList<long> dropped) = store.Bounded(before, plan.Edits);
        return new ExampleChange(null, [.. after.Examples.Where(example => example.Id >= before.NextId)], dropped, after);
    }

    /// <summary>Returns the figures of what is taught.</summary>
    /// <exception cref="ConfigurationException">No model can be used, or it gives no descriptor.</exception>
    public TeachingFigures Figures()
    {
        lock (_figuresGate)
        {
            (ExampleState state, string? model) = (store.Now, describer.Model);
            if (_figures is not { } known || !ReferenceEquals(known.State, state) || known.Model != model)
                _figures = (state, model, TeachingFigures.Of(state, model, describer.BaseMean.Span, thresholds));
            return _figures.Value.Figures;
        }
    }

    async Task<LessonResult> TakeAsync(Lesson lesson, BayLook look, bool mustBeStill, bool isPreview, CancellationToken cancellationToken)
    {
        if (lesson.Slots.Count is 0 or > MaxSlots)
            throw new TeachingException(TeachingException.NothingTaught, $"{lesson.Slots.Count} slots are given; 1 to {MaxSlots} are needed.", "Name the slots that show the product.");
        string? label = lesson.Label is null ? null : ProductText.Label(lesson.Label);
        List<NotTaught> notTaught = [];
        List<(SlotLook Slot, string Label)> wanted = [.. Choose(lesson.Slots.Distinct(), look, label, mustBeStill, notTaught)];
        IReadOnlyList<Crop> crops = wanted.Count == 0 ? [] : Cut(look, wanted);
        HashSet<string> corrected = [.. wanted.Where(slot => slot.Slot.Expected is { } expected && expected.Label != slot.Label).Select(slot => slot.Slot.Slot.Name)];
        return await TeachCropsAsync(StepKinds.Add, crops, wanted.Count > 0 && lesson.Product is { } product ? [product] : [], lesson, notTaught, corrected, isPreview, cancellationToken);
    }

    BayLook LookNow()
    {
        BayLook? look = latest.Now;
        if (look is { View: BayView.Clear })
            return look;
        const string TakeOne = "Take a picture that shows the shelf clearly, then teach.";
        throw look switch
        {
            null => new TeachingException(TeachingException.NoView, "No picture of the slots was taken yet.", TakeOne),
            { View: BayView.CameraMoved } => new TeachingException(
                TeachingException.NoView, "The camera was moved, so that the slots are not where they were drawn.", "Turn the camera back, or take the new view on the page or with POST /api/slots/view; then teach."),
            _ => new TeachingException(TeachingException.NoView, $"The last picture cannot be judged: {FlawText(look)}.", TakeOne),
        };
    }

    IEnumerable<(SlotLook Slot, string Label)> Choose(IEnumerable<string> slots, BayLook look, string? label, bool mustBeStill, List<NotTaught> notTaught)
    {
        foreach (string name in slots)
        {
            SlotLook? slot = look.Slots.FirstOrDefault(slot => slot.Slot.Name == name);
            NotTaught? problem = slot switch
            {
                null => new NotTaught(Show(name), NotTaught.NoSlot, $"There is no slot {Show(name)}."),
                { Descriptor: null } => new NotTaught(name, NotTaught.OutOfPicture, $"The last picture does not show slot {name}."),
                { Expected: null } when label is null => new NotTaught(name, NotTaught.NothingExpected, $"Nothing is expected in slot {name}, so its product must be named."),
                _ when mustBeStill && !recent.IsStill(look, slot, stillWithin) => new NotTaught(name, NotTaught.Moving, $"Something moves before slot {name}. Step aside, wait for the next picture, and teach it then."),
                _ => null,
            };
            if (problem is null)
                yield return (slot!, label ?? slot!.Expected!.Label);
            else
                notTaught.Add(problem);
        }
    }

    /// <summary>Cuts the slots from the picture, which is decoded again: a teaching is rare, and keeping each picture's pixels is not.</summary>
    static List<Crop> Cut(BayLook look, IReadOnlyList<(SlotLook Slot, string Label)> slots)
    {
        using Picture picture = PictureDecoder.Decode(look.Frame, [.. slots.Select(slot => slot.Slot.Region)], RegionJpeg.MaxSide);
        return
        [
            .. slots.Select(slot => new Crop(
                slot.Label, slot.Slot.Slot.Name, slot.Slot.Slot.Name, look.At, RegionJpeg.Of(picture, slot.Slot.Region), look.Model is null ? null : slot.Slot.Descriptor)
            {
                Model = look.Model,
            })
        ];
    }

    bool IsUsable(Crop crop, List<NotTaught> notTaught)
    {
        try
        {
            describer.Squash(crop.Jpeg, out PictureQuality quality);
            if (CropCheck.Problem(quality, crop.Label) is not { } problem)
                return true;
            notTaught.Add(new NotTaught(crop.Name, NotTaught.Blank, problem));
        }
        catch (PictureException problem)
        {
            notTaught.Add(new NotTaught(crop.Name, NotTaught.Broken, problem.Message));
        }
        return false;
    }

    async Task<IReadOnlyList<(NewExample Example, string Name)>> DescribeAsync(List<Crop> crops, string source, CancellationToken cancellationToken)
    {
        string? model = describer.Model;
        // A descriptor of the look is used if the model in use made it. Otherwise all are made, so that all are of one model.
        bool hasAll = model is not null && crops.All(crop => crop.Descriptor is not null && crop.Model == model);
        IReadOnlyList<CompactDescriptor> descriptors;
        if (hasAll)
            descriptors = [.. crops.Select(crop => CompactDescriptor.Of(crop.Descriptor))];
        else
            (model, descriptors) = await describer.DescribeAsync([.. crops.Select(crop => crop.Jpeg)], cancellationToken);
        return
        [
            .. crops.Zip(descriptors, (crop, descriptor) => (
                new NewExample(crop.Label, crop.Slot, crop.TakenAt, source, crop.Jpeg, Convert.ToHexStringLower(SHA256.HashData(crop.Jpeg.Span)), model!, descriptor), crop.Name))
        ];
    }

    static TeachingException Nothing(NotTaught[] notTaught)
    {
        string reasons = string.Join(" ", notTaught.Take(3).Select(one => one.Reason));
        string code = notTaught.All(one => one.Code == NotTaught.NoSlot) ? TeachingException.NotFound
            : notTaught.Any(one => one.Code == NotTaught.OtherLabel) ? TeachingException.Conflict
            : TeachingException.NothingTaught;
        return new TeachingException(code, reasons + (notTaught.Length > 3 ? $" And {notTaught.Length - 3} more." : ""), "Nothing was taught.") { NotTaught = notTaught };
    }

    static string Summary(string kind, LessonPlan plan, IReadOnlyList<Product> products)
    {
        ExampleEdit.Add[] added = [.. plan.Edits.OfType<ExampleEdit.Add>()];
        string[] labels = [.. added.Select(add => add.Example.Label).Concat(plan.Edits.OfType<ExampleEdit.Relabel>().Select(edit => edit.Label)).Distinct()];
        string what = labels is [var only] ? Show(only) : labels.Length == 0 ? string.Join(", ", products.Select(product => Show(product.Label)).Take(3)) : $"{labels.Length} products";
        string verb = kind == StepKinds.Import ? "Imported" : "Taught";
        return $"{verb} {what} with {added.Length + plan.Moved.Count} {(added.Length + plan.Moved.Count == 1 ? "example" : "examples")}.";
    }

    static string FlawText(BayLook look) => look.Flaw switch
    {
        PictureFlaw.Dark => "it is dark",
        PictureFlaw.OverExposed => "it is overexposed",
        PictureFlaw.Blank => "it has one colour",
        PictureFlaw.Blurred => "it is blurred",
        _ => look.Frame.IsFrozen ? "the camera repeats the same picture" : look.Problem ?? "it does not show the shelf clearly",
    };

    static string Show(string text) => Platform.PlainText.Shown(text, 60);
}
