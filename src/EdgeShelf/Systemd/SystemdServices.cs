using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Systemd;

static class SystemdServices
{
    /// <summary>Sends READY, STOPPING, STATUS and WATCHDOG to systemd. Outside of a unit only the progress of the stages is tracked.</summary>
    public static void AddServiceManager(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<StageProgress>();
        builder.Services.AddSystemd();
        if (!SystemdHelpers.IsSystemdService())
            return;
        builder.Services.AddSingleton<StallRule>();
        builder.Services.AddHostedService(services => new ServiceReporter(
            services.GetRequiredService<ISystemdNotifier>(), services.GetRequiredService<StageProgress>(), services.GetRequiredService<StallRule>(),
            services.GetRequiredService<ShelfStatus>(), WatchdogInterval.From(Environment.GetEnvironmentVariable, Environment.ProcessId),
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ServiceReporter>>()));
    }
}
