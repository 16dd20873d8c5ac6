using EdgeShelf.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Recognition;

static class VisionServices
{
    /// <summary>The classifier with the model in use, loaded and checked when it is first asked for.</summary>
    public static void AddVision(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<VisionOptions>().BindConfiguration(VisionOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<VisionOptions>, VisionOptionsValidator>();
        builder.Services.AddOptions<ModelsOptions>().BindConfiguration(ModelsOptions.Section);
        builder.Services.AddSingleton(services => new ModelStore(services.GetRequiredService<IOptions<ModelsOptions>>().Value));
        builder.Services.AddSingleton(services => new ModelSwitch(
            services.GetRequiredService<ModelStore>(), folder => Load(folder, services.GetRequiredService<IOptions<VisionOptions>>().Value)));
        builder.Services.AddSingleton(services =>
        {
            VisionOptions vision = services.GetRequiredService<IOptions<VisionOptions>>().Value;
            return new ShelfClassifier(
                services.GetRequiredService<ModelSwitch>().LoadFirst(), new ResultCache(vision.CacheEntries, vision.CacheMaxDifference));
        });
    }

    /// <summary>A model, with the configured thresholds in place of its own.</summary>
    internal static LoadedModel Load(string folder, VisionOptions vision)
    {
        LoadedModel model = ModelFolder.Load(folder, vision.Threads);
        ReviewThresholds fromModel = model.Manifest.Review;
        ReviewThresholds review = new()
        {
            MinConfidence = vision.MinConfidence ?? fromModel.MinConfidence,
            MinMargin = vision.MinMargin ?? fromModel.MinMargin,
        };
        return model with { Manifest = model.Manifest with { Review = review } };
    }
}
