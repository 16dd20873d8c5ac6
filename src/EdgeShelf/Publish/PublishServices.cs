using EdgeShelf.Platform;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish;

static class PublishServices
{
    /// <summary>
    /// Adds the outbox and the sender. They need a <see cref="CaptureQueue"/>, a <see cref="ShelfStatus"/> and a <see cref="ShelfHistory"/>. Hosted services
    /// start in the order of registration, so call this before adding services that append to the outbox.
    /// </summary>
    public static void AddPublish(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StageProgress>();
        services.TryAddSingleton<BayStatus>();
        services.AddSingleton<EvidenceQueue>();
        services.AddSingleton<FleetLink>();
        services.AddSingleton<ShelfEvents>();
        services.AddOptions<PublishOptions>().BindSettings(PublishOptions.Section, PublishJson.Default.PublishOptions).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PublishOptions>, PublishOptionsValidator>();
        services.AddSingleton(provider => new DurableOutbox(
            provider.GetRequiredService<IOptions<PublishOptions>>().Value.Folder,
            provider.GetRequiredService<IOptions<PublishOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            ClockSync.IsSynced,
            () => VolumeSpace.Of(provider.GetRequiredService<IOptions<PublishOptions>>().Value.Folder)?.Free ?? long.MaxValue,
            provider.GetRequiredService<ILogger<DurableOutbox>>()));
        services.AddSingleton<CommittedFiles>(provider => folder => FilesOf(provider.GetRequiredService<DurableOutbox>(), folder));
        services.AddSingleton(provider => new StateReporter(
            provider.GetRequiredService<IOptions<PublishOptions>>(),
            provider.GetRequiredService<ShelfStatus>(),
            provider.GetService<Func<ModelInfo?>>() ?? (() => null),
            provider.GetRequiredService<DurableOutbox>(),
            provider.GetRequiredService<TimeProvider>(),
            ClockSync.IsSynced,
            provider.GetService<TimerInterval>()));
        services.AddSingleton(provider => CaptureCommand.Create(provider.GetRequiredService<CaptureQueue>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RequestCommand("status", "Returns the state document.", _ => PublishJson.Node(provider.GetRequiredService<StateReporter>().Now(), PublishJson.Wire.StateDocument)));
        services.AddSingleton<RequestHandler>();
        services.AddHostedService<MqttSender>();
    }

    static IReadOnlyList<PictureFile> FilesOf(DurableOutbox outbox, string folder)
    {
        try
        {
            return outbox.FilesOf(folder);
        }
        catch (OutboxException)
        {
            // Who needs the outbox next reports the problem. Without it no result is kept, and so no file gets an id.
            return [];
        }
    }
}
