using EdgeShelf.Capture;
using EdgeShelf.Configuration;
using EdgeShelf.Fleet;
using EdgeShelf.Fleet.Apply;
using EdgeShelf.Logging;
using EdgeShelf.Publish;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Systemd;
using EdgeShelf.Teaching;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
        IHost host = Compose(configuration);
        try
        {
            ConfigurationCheck.ThrowIfWrong(configuration, host);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The service with whatever settings there are; a part of which the settings are wrong throws when it is asked for.</summary>
    public static IHost Compose(IConfiguration configuration)
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
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IOptions<WebOptions>>().Value.Enabled || services.GetRequiredService<IOptions<PublishOptions>>().Value.Image,
            services.GetRequiredService<IOptions<PublishOptions>>().Value.Image));

        builder.Services.AddHostedService<Leftovers>();
        builder.AddCapture();
        builder.AddRecognition();
        // Before the keeper opens the examples, so that a damaged file is reported.
        builder.Services.AddHostedService<TeachingReporter>();
        builder.AddTeaching();
        builder.Services.AddSingleton<SettingsCheck>(settings => ProblemsWith(configuration, settings));
        // Before the sender, so that it knows the topics to subscribe to.
        builder.AddFleet();
        builder.AddPublish();
        builder.AddClaim();
        builder.Services.AddSingleton<BayReports>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BayReports>());
        builder.Services.AddHostedService<ShelfWorker>();
        builder.AddWeb();
        builder.Services.AddHostedService<MemoryKeeper>();

        return builder.Build();
    }

    /// <summary>Returns the problems that the service would have with other settings of the chain.</summary>
    static IReadOnlyList<string> ProblemsWith(IConfiguration configuration, IReadOnlyDictionary<string, string> settings)
    {
        // The running service writes the log file; this one only checks.
        IConfigurationRoot merged = new ConfigurationBuilder().AddConfiguration(FleetConfiguration.With(configuration, settings))
            .AddInMemoryCollection([new($"{LogOptions.Section}:{nameof(LogOptions.ToFile)}", "false")]).Build();
        using IHost host = Compose(merged);
        return ConfigurationCheck.ProblemsOf(merged, host);
    }

    /// <summary>Runs until a signal or a fault.</summary>
    /// <returns>False if a worker failed. The process then exits with code 1, and systemd restarts the service.</returns>
    public static async Task<bool> RunAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            BackgroundService[] workers = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            await host.StartAsync(cancellationToken);
            await host.WaitForShutdownAsync(cancellationToken);
            // The host ends normally even when one of its workers did not.
            return !workers.Any(worker => worker.ExecuteTask is { IsFaulted: true });
        }
        catch (Exception problem)
        {
            // Also in the log: it outlives what the process says at its end.
            if ((problem is AggregateException { InnerExceptions: [var only] } ? only : problem) is EdgeShelfException known)
                host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EdgeShelfHost)).NotStarted(known.Message, known.Hint);
            await StopWhatStartedAsync(host);
            throw;
        }
        finally
        {
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
    }

    /// <summary>After a start that failed: services whose container is taken away under them would log that as faults of their own.</summary>
    static async Task StopWhatStartedAsync(IHost host)
    {
        try
        {
            await host.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // All kinds: the reason for the failed start is what counts, and is on its way up.
        }
    }
}
