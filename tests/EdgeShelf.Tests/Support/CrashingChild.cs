using System.Runtime.CompilerServices;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// A process of its own that teaches, renames and removes without a pause until it is killed. It is this test program, told by its
/// environment to do that instead of running tests. What it does follows from the seed and the number of the change alone.
/// </summary>
static class CrashingChild
{
    public const string FolderVariable = "EDGESHELF_TEACHING_CHILD";
    public const string SeedVariable = "EDGESHELF_TEACHING_SEED";

    static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

#pragma warning disable CA2255 // This is a program and not a library: what runs before its Main is what this needs.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        int seed = int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, System.Globalization.CultureInfo.InvariantCulture);
        FakeTimeProvider clock = new(Start);
        using ExampleStore store = Open(folder, clock);
        while (true)
        {
            Step(store, clock, seed);
            // Only what was confirmed is told.
            Console.Out.WriteLine(store.Now.Version);
            Console.Out.Flush();
        }
    }

    public static ExampleStore Open(string folder, FakeTimeProvider clock)
    {
        ExampleStore store = new(
            folder, new TeachingOptions { MaxPerProduct = 4, MaxExamples = 100, MaxBytes = 4 << 20 }, clock, () => ExamplesInFolder.Model, new TaughtProducts(), NullLogger<ExampleStore>.Instance);
        store.Open();
        return store;
    }

    /// <summary>Makes the change that belongs to the store's version.</summary>
    public static void Step(ExampleStore store, FakeTimeProvider clock, int seed)
    {
        ExampleState now = store.Now;
        Random random = new((seed * 100_003) + (int)now.Version);
        clock.SetUtcNow(Start.AddSeconds(now.Version));
        int dice = random.Next(10);
        if (dice == 0 && now.Steps.Length > 0)
        {
            store.Undo(null);
            return;
        }
        List<ExampleEdit> edits = [];
        string[] labels = [.. now.Examples.Select(example => example.Label).Distinct()];
        dice = labels.Length > 12 ? 2 : dice;
        if (dice == 1 && labels.Length > 0)
        {
            string label = labels[random.Next(labels.Length)];
            edits.AddRange(now.Examples.Where(example => example.Label == label).Select(example => new ExampleEdit.Relabel(example.Id, $"renamed-{now.Version}")));
            edits.Add(new ExampleEdit.PutProduct(ExamplesInFolder.Product($"renamed-{now.Version}", "Renamed")));
        }
        else if (dice == 2 && labels.Length > 0)
        {
            string label = labels[random.Next(labels.Length)];
            edits.AddRange(now.Examples.Where(example => example.Label == label).Select(example => new ExampleEdit.Remove(example.Id)));
            edits.Add(new ExampleEdit.RemoveProduct(label));
        }
        else
        {
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                byte[] crop = new byte[random.Next(1000, 40_000)];
                random.NextBytes(crop);
                edits.Add(new ExampleEdit.Add(new NewExample(
                    $"product-{random.Next(6)}", $"slot-{random.Next(3)}", clock.GetUtcNow(), ExampleSources.Page, crop,
                    Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(crop)), ExamplesInFolder.Model, ExamplesInFolder.Descriptor(random.Next()))));
            }
        }
        store.Change(StepKinds.Add, _ => new ExamplePlan("A change.", edits));
    }
}
