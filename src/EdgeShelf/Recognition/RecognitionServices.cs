using EdgeShelf.Models;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Recognition;

static class RecognitionServices
{
    /// <summary>Adds the model in use, the classifier that runs it, and the slots and the planogram.</summary>
    public static void AddRecognition(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<VisionOptions>().BindSettings(VisionOptions.Section, RecognitionJson.Default.VisionOptions).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VisionOptions>, VisionOptionsValidator>();
        services.AddOptions<ModelsOptions>().BindSettings(ModelsOptions.Section, ModelsJson.Default.ModelsOptions);
        services.AddSingleton(provider => new ActiveModel(
            provider.GetRequiredService<IOptions<ModelsOptions>>().Value,
            folder => Load(folder, provider.GetRequiredService<IOptions<VisionOptions>>().Value)));
        services.AddSingleton<Func<ModelInfo?>>(provider => () => provider.GetRequiredService<ActiveModel>().Info);
        services.AddSingleton(provider =>
        {
            VisionOptions vision = provider.GetRequiredService<IOptions<VisionOptions>>().Value;
            return new ShelfClassifier(
                provider.GetRequiredService<ActiveModel>(), new ResultCache(vision.CacheEntries, vision.CacheMaxDifference), provider.GetRequiredService<PriorityGate>());
        });
        services.AddSingleton<PriorityGate>();
        services.AddHostedService<ModelWatcher>();
        AddPlan(services);
        AddSlots(services);
    }

    static void AddSlots(IServiceCollection services)
    {
        services.AddOptions<PlanogramOptions>().BindSettings(PlanogramOptions.Section, RecognitionJson.Default.PlanogramOptions).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PlanogramOptions>, PlanogramOptionsValidator>();
        services.TryAddSingleton<BayStatus>();
        services.TryAddSingleton<SlotCounters>();
        services.AddSingleton<LatestLook>();
        services.AddSingleton<TaughtProducts>();
        services.AddSingleton<ReferenceViews>();
        services.AddSingleton(provider =>
        {
            PlanogramOptions options = provider.GetRequiredService<IOptions<PlanogramOptions>>().Value;
            VisionOptions vision = provider.GetRequiredService<IOptions<VisionOptions>>().Value;
            TimeProvider clock = provider.GetRequiredService<TimeProvider>();
            PlanStore plan = provider.GetRequiredService<PlanStore>();
            TaughtProducts taught = provider.GetRequiredService<TaughtProducts>();
            ReferenceViews references = provider.GetRequiredService<ReferenceViews>();
            BayReader reader = new(
                provider.GetRequiredService<ActiveModel>(), provider.GetRequiredService<PriorityGate>(),
                new SlotMemory(vision.CacheMaxDifference, options.RefreshEvery, clock), options.Thresholds, provider.GetRequiredService<SlotCounters>(),
                provider.GetRequiredService<StageProgress>());
            BayMemoryFile file = new(Path.Combine(provider.GetRequiredService<IOptions<PlanOptions>>().Value.State, BayMemoryFile.FileName), clock, provider.GetRequiredService<ILogger<BayKeeper>>());
            return new BayKeeper(
                () => new BayPlan(plan.Slots, plan.Planogram, taught.Now), references.Of, references.Adopt, reader, file,
                provider.GetRequiredService<BayStatus>(), provider.GetRequiredService<LatestLook>(), options.Patience, clock);
        });
        services.AddHostedService(provider => new EarlyLooks(
            provider.GetRequiredService<BayKeeper>(), provider.GetRequiredService<CaptureQueue>(),
            provider.GetRequiredService<IOptions<PlanogramOptions>>().Value.ConfirmEvery, provider.GetRequiredService<TimeProvider>()));
    }

    static void AddPlan(IServiceCollection services)
    {
        services.AddOptions<PlanOptions>().BindSettings(PlanOptions.Section, RecognitionJson.Default.PlanOptions);
        services.TryAddSingleton<Func<IReadOnlyCollection<string>>>(provider => () => LabelsOf(provider.GetRequiredService<ActiveModel>()));
        services.AddSingleton(provider => new PlanStore(
            provider.GetRequiredService<IOptions<PlanOptions>>().Value.State,
            provider.GetRequiredService<Func<IReadOnlyCollection<string>>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PlanStore>>()));
        services.AddSingleton(provider => PlanRequests.Slots(provider.GetRequiredService<PlanStore>()));
        services.AddSingleton(provider => PlanRequests.Planogram(provider.GetRequiredService<PlanStore>()));
        services.AddHostedService<PlanWatcher>();
    }

    /// <summary>The labels that the model in use knows.</summary>
    internal static IReadOnlyCollection<string> LabelsOf(ActiveModel models)
    {
        using ModelLease lease = models.Rent();
        return [.. lease.Model.Labels.Select(label => label.Label)];
    }

    /// <summary>Replaces a model's thresholds by the configured ones.</summary>
    internal static LoadedModel Load(string folder, VisionOptions vision)
    {
        LoadedModel model = ModelFolder.Load(folder, vision.Threads);
        ReviewThresholds fromModel = model.Manifest.Review;
        ReviewThresholds review = new()
        {
            MinConfidence = vision.MinConfidence ?? fromModel.MinConfidence,
            MinMargin = vision.MinMargin ?? fromModel.MinMargin,
        };
        UnknownThresholds? unknown = model.Manifest.Unknown is { } known ? known with { MinLikeness = vision.MinLikeness ?? known.MinLikeness } : null;
        return model with { Manifest = model.Manifest with { Review = review, Unknown = unknown } };
    }
}
