using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Capture.V4l2;
using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture;

static class CaptureServices
{
    /// <summary>The camera and the triggers that belong to it. Needs a <see cref="CaptureQueue"/>.</summary>
    public static void AddCapture(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<CaptureOptions>().BindConfiguration(CaptureOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CaptureOptions>, CaptureOptionsValidator>();
        builder.Services.AddSingleton<CaptureInterval>();
        builder.Services.AddSingleton(CreateCamera);
        builder.Services.AddSingleton<FolderInbox>();
        builder.Services.AddHostedService<FolderWatcher>();
        builder.Services.AddHostedService<TimerTrigger>();
        builder.AddGpio();
    }

    static Camera CreateCamera(IServiceProvider services)
    {
        CaptureOptions options = services.GetRequiredService<IOptions<CaptureOptions>>().Value;
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        FreezeDetector? freeze = options.FrozenAfter > 0 ? new FreezeDetector(options.FrozenAfter) : null;
        return options.Camera switch
        {
            CameraKinds.Folder when options.Folder.Watch =>
                new WatchedFolderCamera(options.Folder, services.GetRequiredService<FolderInbox>(), options.Timeout, clock),
            CameraKinds.Folder => new FolderCamera(options.Folder, options.Timeout, clock),
            CameraKinds.Http => new HttpCamera(options.Http, options.Timeout, clock) { Freeze = freeze },
            CameraKinds.Rpicam when options.Rpicam.Warm => new RpicamCamera(options.Rpicam, options.Timeout, clock) { Freeze = freeze },
            CameraKinds.Rpicam => new RpicamStillCamera(options.Rpicam, options.Timeout, clock) { Freeze = freeze },
            CameraKinds.V4l2 => new V4l2Camera(options.V4l2, options.Timeout, clock) { Freeze = freeze },
            CameraKinds.Command => new CommandCamera(options.Command, options.Timeout, clock) { Freeze = freeze },
            _ => throw new InvalidOperationException($"The camera {options.Camera} passed validation and has no class."),
        };
    }
}
