using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture;

static class CaptureServices
{
    /// <summary>Adds the camera and its triggers. They need a registered <see cref="CaptureQueue"/>.</summary>
    public static void AddCapture(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<CaptureOptions>().BindSettings(CaptureOptions.Section, CaptureJson.Default.CaptureOptions).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CaptureOptions>, CaptureOptionsValidator>();
        foreach (CameraKind kind in CameraKinds.All)
            kind.AddOptionsTo(builder.Services);
        builder.Services.AddSingleton(CreateCamera);
        builder.Services.AddSingleton(services => new CaptureInterval(
            services.GetRequiredService<Camera>().BringsItsOwnTrigger ? TimeSpan.Zero : services.GetRequiredService<IOptions<CaptureOptions>>().Value.Interval));
        builder.Services.AddSingleton<TimerInterval>(services => () => services.GetRequiredService<CaptureInterval>().Current);
        builder.Services.AddSingleton(services => IntervalCommand.Create(services.GetRequiredService<CaptureInterval>()));
        builder.Services.AddSingleton<Func<string, FolderJournal>>(folder => new FolderJournal(Path.Combine(ServiceDirectories.State, "watched-folder.log"), folder));
        builder.Services.TryAddSingleton(services => new PictureInHand(ServiceDirectories.State, services.GetRequiredService<ILogger<PictureInHand>>()));
        // Who only takes pictures, without an outbox, has no results on disk.
        builder.Services.TryAddSingleton<CommittedFiles>(_ => []);
        builder.Services.AddHostedService<FolderWatcher>();
        builder.Services.AddHostedService<TimerTrigger>();
        builder.AddGpio();
    }

    static Camera CreateCamera(IServiceProvider services)
    {
        CaptureOptions options = services.GetRequiredService<IOptions<CaptureOptions>>().Value;
        FreezeDetector? freeze = options.FrozenAfter > 0 ? new FreezeDetector(options.FrozenAfter) : null;
        return CameraKinds.Find(options.Camera)!.Create(services, new CameraSettings(options.Timeout, services.GetRequiredService<TimeProvider>(), freeze, HasButton: services.GetService<IOptions<GpioOptions>>()?.Value.Button.Line is not null));
    }
}
