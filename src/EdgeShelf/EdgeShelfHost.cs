using EdgeShelf.Configuration;
using EdgeShelf.Capture;
using EdgeShelf.Logging;
using EdgeShelf.Publish;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Systemd;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf;

/// <summary>The composition root of `run`: every feature, in the order of the flow.</summary>
static class EdgeShelfHost
{
    /// <summary>The time limit of a clean stop. Unsent messages stay on disk.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(6);

    /// <exception cref="ConfigurationException">One or more settings are wrong. The message names all of them.</exception>
    public static IHost Build(IConfiguration configuration)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);
        builder.AddServiceManager();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        builder.AddServiceLog();

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CaptureQueue>();
        builder.Services.AddSingleton<ShelfStatus>();
        builder.Services.AddSingleton(services => new ShelfHistory(
            services.GetRequiredService<IOptions<WebOptions>>().Value.Enabled || services.GetRequiredService<IOptions<PublishOptions>>().Value.Image));

        builder.AddCapture();
        builder.AddRecognition();
        builder.AddPublish();
        builder.Services.AddHostedService<ShelfWorker>();
        builder.AddWeb();
        builder.Services.AddHostedService<MemoryKeeper>();

        IHost host = builder.Build();
        ConfigurationCheck.ThrowIfWrong(configuration, host);
        return host;
    }

    /// <summary>Runs until a signal or a fault.</summary>
    /// <returns>False if a worker failed. The process then exits with code 1, and systemd restarts the service.</returns>
    public static async Task<bool> RunAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            // Resolve them now, because the host disposes its services when it ends.
            BackgroundService[] workers = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await host.RunAsync(cancellationToken);
            // The host ends normally even if one of its workers failed.
            return !workers.Any(worker => worker.ExecuteTask is { IsFaulted: true });
        }
        catch (AggregateException several) when (several.InnerExceptions is [EdgeShelfException only])
        {
            throw only;
        }
    }
}
