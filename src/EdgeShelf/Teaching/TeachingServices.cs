using EdgeShelf.Models;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Teaching.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Teaching;

static class TeachingServices
{
    /// <summary>Adds the examples and the teacher. They need what `AddRecognition` adds.</summary>
    public static void AddTeaching(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<TeachingOptions>().BindSettings(TeachingOptions.Section, TeachingJson.Default.TeachingOptions).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TeachingOptions>, TeachingOptionsValidator>();
        services.AddSingleton<RecentLooks>();
        services.AddSingleton<CropDescriber>();
        services.AddSingleton(provider => new ExampleStore(
            provider.GetRequiredService<IOptions<PlanOptions>>().Value.State,
            provider.GetRequiredService<IOptions<TeachingOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            () => provider.GetRequiredService<CropDescriber>().Model,
            provider.GetRequiredService<TaughtProducts>(),
            provider.GetRequiredService<ILogger<ExampleStore>>()));
        services.AddSingleton<TeachingEvents>();
        services.AddSingleton(provider => new Teacher(
            provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<CropDescriber>(), provider.GetRequiredService<LatestLook>(), provider.GetRequiredService<RecentLooks>(),
            Thresholds(provider).Thresholds, Thresholds(provider).StillWithin));
        services.AddSingleton(provider => LabelCommand.Create(provider.GetRequiredService<Teacher>()));
        services.AddSingleton(provider => new ProductEditor(
            provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<CropDescriber>(), provider.GetRequiredService<LatestLook>(), Thresholds(provider).Thresholds));
        services.AddSingleton(provider => new ReviewQueue(
            provider.GetRequiredService<IOptions<PlanOptions>>().Value.State, provider.GetRequiredService<IOptions<TeachingOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReviewQueue>>()));
        services.AddSingleton<ReviewKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<ReviewKeeper>());
        services.AddSingleton(provider => new Reviewer(
            provider.GetRequiredService<ReviewQueue>(), provider.GetRequiredService<Teacher>(), provider.GetRequiredService<ExampleStore>(),
            provider.GetRequiredService<Func<IReadOnlyCollection<string>>>(), () => provider.GetRequiredService<PlanStore>().Planogram));
        // A planogram may expect what was taught, besides what the model knows.
        services.AddSingleton<Func<IReadOnlyCollection<string>>>(provider => () =>
            [.. RecognitionServices.LabelsOf(provider.GetRequiredService<ActiveModel>()), .. provider.GetRequiredService<ExampleStore>().Now.Labels]);
        services.AddSingleton(provider => new TrainingJob(
            provider.GetRequiredService<IOptions<PlanOptions>>().Value.State, provider.GetRequiredService<IOptions<ModelsOptions>>().Value, Thresholds(provider).Thresholds,
            provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TrainingJob>>()));
        services.AddHostedService(provider => provider.GetRequiredService<TrainingJob>());
        services.AddHostedService(provider => new ExampleKeeper(
            provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<CropDescriber>(), provider.GetRequiredService<ActiveModel>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ExampleKeeper>>()));
    }

    static PlanogramOptions Thresholds(IServiceProvider provider) => provider.GetRequiredService<IOptions<PlanogramOptions>>().Value;
}
