using System.CommandLine;
using EdgeShelf.Configuration;
using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Cli;

/// <summary>What was taught on this device, opened by a verb. A running service notices the verb's changes within two seconds.</summary>
sealed class TeachingBench : IDisposable
{
    readonly ActiveModel _models;

    TeachingBench(ActiveModel models, ExampleStore store, CropDescriber describer, PlanogramOptions options, TeachingOptions bounds)
    {
        (_models, Store, Bounds) = (models, store, bounds);
        // A verb sees no shelf, so only the examples are measured.
        LatestLook noLook = new();
        Teacher = new Teacher(store, describer, noLook, new RecentLooks(), options.Thresholds, options.StillWithin);
        Editor = new ProductEditor(store, describer, noLook, options.Thresholds);
    }

    public ExampleStore Store { get; }

    public Teacher Teacher { get; }

    public ProductEditor Editor { get; }

    public TeachingOptions Bounds { get; }

    /// <param name="needsModel">Whether the verb compares pictures. Without a model the verb starts faster, and works while no model does.</param>
    public static TeachingBench Open(ParseResult parsed, CommonOptions common, bool needsModel)
    {
        IConfigurationRoot configuration = common.Configuration(parsed);
        ActiveModel models = common.ActiveModel(parsed);
        CropDescriber describer = new(models, new PriorityGate());
        try
        {
            TeachingOptions bounds = ConfigurationCheck.Read<TeachingOptions>(configuration, TeachingOptions.Section);
            ExampleStore store = new(
                ConfigurationCheck.Read<PlanOptions>(configuration, PlanOptions.Section).State, bounds,
                TimeProvider.System, () => needsModel ? describer.Model : null, new TaughtProducts(), NullLogger<ExampleStore>.Instance);
            store.Lost += message => parsed.InvocationConfiguration.Error.WriteLine(message);
            store.Open();
            return new TeachingBench(models, store, describer, ConfigurationCheck.Read<PlanogramOptions>(configuration, PlanogramOptions.Section), bounds);
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        _models.Dispose();
    }
}
