using EdgeShelf.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Vision;

static class VisionServices
{
    /// <summary>The classifier with the configured model, loaded and checked when it is first asked for.</summary>
    public static void AddVision(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<VisionOptions>().BindConfiguration(VisionOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<VisionOptions>, VisionOptionsValidator>();
        builder.Services.AddOptions<ModelsOptions>().BindConfiguration(ModelsOptions.Section);
        builder.Services.AddSingleton(services => new ShelfClassifier(Load(
            services.GetRequiredService<IOptions<ModelsOptions>>().Value,
            services.GetRequiredService<IOptions<VisionOptions>>().Value)));
    }

    /// <summary>The configured model, with the configured thresholds in place of its own.</summary>
    internal static LoadedModel Load(ModelsOptions models, VisionOptions vision)
    {
        LoadedModel model = ModelFolder.Load(models.FindFolder(), vision.Threads);
        ReviewThresholds fromModel = model.Manifest.Review;
        ReviewThresholds review = new()
        {
            MinConfidence = vision.MinConfidence ?? fromModel.MinConfidence,
            MinMargin = vision.MinMargin ?? fromModel.MinMargin,
        };
        return model with { Manifest = model.Manifest with { Review = review } };
    }
}
