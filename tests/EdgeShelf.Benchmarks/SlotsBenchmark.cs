using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Pictures.Alignment;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;

namespace EdgeShelf.Benchmarks;

/// <summary>A whole look at a bay of 40 slots, decode, alignment and judgement included, against as many single inferences.</summary>
static class SlotsBenchmark
{
    const int Slots = 40;
    const int Rounds = 15;

    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "bay");

    public static void Run()
    {
        using LoadedModel model = ModelFolder.Load(new ModelStore(new ModelsOptions()).Find(new ModelsOptions().Name), threads: 1);
        using ActiveModel models = ActiveModel.Of(model);
        byte[] input = new byte[model.Preprocessor.CropLength];
        new Random(1).NextBytes(input);
        void Infer(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using var tensor = model.Preprocessor.ToTensor(input);
                model.Network.Run(tensor);
            }
        }

        Frame frame = new(File.ReadAllBytes(Path.Combine(Folder, "bay.jpg")), "folder", "bay.jpg", TimeProvider.System.GetUtcNow(), TimeSpan.Zero);
        BayPlan plan = Plan(model, frame);
        using Picture picture = PictureDecoder.Decode(frame);
        ReferenceView reference = ReferenceView.Of(picture);
        PlanogramOptions options = new();
        void Look(BayReader reader) => reader.ReadAsync(frame, plan, reference, null, CancellationToken.None).GetAwaiter().GetResult();

        BayReader forgetful = new(models, new PriorityGate(), null, options.Thresholds);
        Comparison.Print($"{Slots} slots, all changed; other: {Slots} inferences, 1 thread", () => Look(forgetful), () => Infer(Slots), Rounds);
        BayReader remembering = new(models, new PriorityGate(), new SlotMemory(new VisionOptions().CacheMaxDifference, TimeSpan.FromDays(1), TimeProvider.System), options.Thresholds);
        Look(remembering);
        Comparison.Print($"{Slots} slots, none changed; other: 2 inferences, 1 thread", () => Look(remembering), () => Infer(2), Rounds);
    }

    /// <summary>The first slots of the demo's bay, each expecting its product, with one example of each product.</summary>
    static BayPlan Plan(LoadedModel model, Frame frame)
    {
        SlotsDocument document = SlotsCsv.Read(File.ReadAllBytes(Path.Combine(Folder, "slots.csv")), "slots.csv");
        Slot[] slots = [.. document.Slots.Take(Slots)];
        Product[] products = [.. slots.Select(slot => document.Labels[slot.Name]).Distinct().Select(label => new Product(label, null, null, null))];
        Planogram planogram = new("bay", "1", null, products, [.. slots.Select(slot => new Position(slot.Name, null, null, document.Labels[slot.Name], 1))]);
        using Picture picture = PictureDecoder.Decode(frame);
        byte[] crop = new byte[model.Preprocessor.CropLength];
        List<Example> examples = [];
        foreach (Slot slot in slots.DistinctBy(slot => document.Labels[slot.Name]))
        {
            model.Preprocessor.CropRegion(picture, slot.Region, crop);
            using var tensor = model.Preprocessor.ToTensor(crop);
            examples.Add(new Example(examples.Count, document.Labels[slot.Name], slot.Name, CompactDescriptor.Of(Descriptor.Of(model.Network.Run(tensor).DescriptorOf(0)))));
        }
        return new BayPlan(new SlotMap(1, slots, null), planogram, new ExampleSet(1, examples));
    }
}
