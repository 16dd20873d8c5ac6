using System.Device.Gpio;
using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture.Gpio;

static class GpioServices
{
    /// <summary>The review reason of a picture on which nothing can be seen, as results name it.</summary>
    const string UnusableImage = "unusable-image";

    /// <summary>Adds the button and the LED, if they are configured.</summary>
    public static void AddGpio(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IHostedService>(services =>
        {
            GpioOptions options = services.GetRequiredService<IOptions<CaptureOptions>>().Value.Gpio;
            return new ButtonTrigger(
                options.Button, () => Open(options), services.GetRequiredService<CaptureQueue>(), services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<ButtonTrigger>>());
        });
        builder.Services.AddSingleton<IHostedService>(services =>
        {
            GpioOptions options = services.GetRequiredService<IOptions<CaptureOptions>>().Value.Gpio;
            return new StatusLed(
                options.Led, () => Open(options), () => StateOf(services.GetRequiredService<CaptureQueue>(), services.GetRequiredService<ShelfStatus>()),
                services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<StatusLed>>());
        });
    }

    static GpioController Open(GpioOptions options) =>
        new(KernelGpioDriver.Of(GpioChip.Find(options.Chip), options.Button.Debounce));

    /// <summary>
    /// The state that the LED shows. What waits in the review queue blinks until it is answered. Where there is no queue, and for pictures that no
    /// queue takes because nothing can be seen on them, the last picture decides.
    /// </summary>
    internal static LedState StateOf(CaptureQueue queue, ShelfStatus status) => status.Now switch
    {
        _ when queue.IsBusy => LedState.Busy,
        { Camera.State: PartState.Failing } or { Model.State: PartState.Failing } or { Storage.State: PartState.Failing } => LedState.Fault,
        { HasNoCamera: true } or { ReviewWaiting: > 0 } or { ReviewWaiting: null, LastResult.Result.NeedsReview: true } => LedState.Review,
        { LastResult.Result: { } last } when last.Slots.All(slot => slot.ReviewReason == UnusableImage) => LedState.Review,
        _ => LedState.Ready,
    };
}
