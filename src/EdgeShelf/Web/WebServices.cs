using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using EdgeShelf.Web.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Web;

static class WebServices
{
    /// <summary>Adds the page, `/predict` and the metrics. They need the worker's services, and <see cref="ShelfHistory"/> and <see cref="ShelfMetrics"/>.</summary>
    public static void AddWeb(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<BayStatus>();
        builder.Services.TryAddSingleton<SlotCounters>();
        builder.Services.AddOptions<WebOptions>().BindSettings(WebOptions.Section, WebJson.Default.WebOptions).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        builder.Services.AddSingleton<ShelfMetrics>();
        builder.Services.AddSingleton<DeviceReport>();
        builder.Services.AddSingleton<StateStream>();
        builder.Services.AddSingleton<RouteModule, PredictRoutes>();
        builder.Services.AddSingleton<RouteModule, ShelfRoutes>();
        builder.Services.AddSingleton(services => new DayHistory(
            services.GetRequiredService<IOptions<PublishOptions>>().Value.Folder,
            services.GetRequiredService<IOptions<WebOptions>>().Value is { Enabled: true } web ? web.MaxHistoryBytes : 0,
            () => VolumeSpace.Of(services.GetRequiredService<IOptions<PublishOptions>>().Value.Folder)?.Free,
            services.GetRequiredService<IOptions<PublishOptions>>().Value.MinFreeBytes,
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<DayHistory>>()));
        builder.Services.AddSingleton<HistoryKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HistoryKeeper>());
        builder.Services.AddSingleton<RouteModule, HistoryRoutes>();
        builder.Services.AddSingleton<RouteModule, SlotRoutes>();
        builder.Services.AddSingleton<RouteModule, PlanogramRoutes>();
        builder.Services.AddSingleton<RouteModule, ExampleRoutes>();
        builder.Services.AddSingleton<RouteModule, ProductRoutes>();
        builder.Services.AddSingleton<RouteModule, ReviewRoutes>();
        builder.Services.AddSingleton<RouteModule, ModelRoutes>();
        builder.Services.AddSingleton<BayReport>();
        builder.Services.AddSingleton<SlotCrops>();
        builder.Services.AddSingleton<RouteModule, BayRoutes>();
        builder.Services.AddSingleton<RouteModule, ViewRoutes>();
        builder.Services.AddSingleton<RouteModule, HealthRoutes>();
        builder.Services.AddSingleton<WebServer>();
        builder.Services.AddSingleton<PageLocation>(services => () => services.GetRequiredService<WebServer>().PageForOthers);
        builder.Services.AddHostedService(services => services.GetRequiredService<WebServer>());
    }
}
