using System.Diagnostics.CodeAnalysis;
using EdgeShelf.Fleet.Apply;
using EdgeShelf.Fleet.Checks;
using EdgeShelf.Fleet.Claim;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Broker;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Fleet;

static class FleetServices
{
    /// <summary>Adds the device's side of the fleet. It needs what the other features add, and a <see cref="SettingsCheck"/>. Call it before `AddPublish`, whose sender subscribes to the topics.</summary>
    public static void AddFleet(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<FleetOptions>().BindSettings(FleetOptions.Section, FleetJson.Default.FleetOptions).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();
        if (!FleetOptions.IsEnabledIn(builder.Configuration))
            return;
        services.AddSingleton(provider => new SettingsOverlay(StateOf(provider)));
        services.AddSingleton(provider => new FileFetcher(Of<FleetOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PulledModels(FolderOf(provider), Of<ModelsOptions>(provider)));
        services.AddSingleton(provider => new ModelHours(
            FolderOf(provider), provider.GetRequiredService<ShelfStatus>(), provider.GetRequiredService<Func<ModelInfo?>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ExampleCheck(
            provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<ActiveModel>(), provider.GetRequiredService<PriorityGate>(), Of<PlanogramOptions>(provider).Thresholds));
        services.AddSingleton(provider => new ModelCheck(
            provider.GetRequiredService<ActiveModel>(), provider.GetRequiredService<PlanStore>(), provider.GetRequiredService<ExampleStore>(), provider.GetRequiredService<ExampleCheck>(),
            folder => RecognitionServices.Load(folder, Of<VisionOptions>(provider))));
        services.AddSingleton(provider => new WishPreparer(
            Of<FleetOptions>(provider), provider.GetRequiredService<PulledModels>(), provider.GetRequiredService<FileFetcher>(), provider.GetRequiredService<ModelCheck>(),
            provider.GetRequiredService<SettingsCheck>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new WishApplier(provider.GetRequiredService<ActiveModel>(), provider.GetRequiredService<PlanStore>(), provider.GetRequiredService<SettingsOverlay>()));
        services.AddSingleton(provider => new FleetWatch(
            Of<FleetOptions>(provider), provider.GetRequiredService<ModelHours>(), provider.GetRequiredService<ActiveModel>(), new ModelStore(Of<ModelsOptions>(provider)), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new FleetService(PartsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FleetService>>()));
    }

    /// <summary>Adds the request for credentials of the device's own where the settings make a claim. Call it after `AddPublish`, which opens the outbox.</summary>
    public static void AddClaim(this IHostApplicationBuilder builder)
    {
        if (!FleetOptions.IsEnabledIn(builder.Configuration) || !FleetOptions.IsClaimIn(builder.Configuration))
            return;
        builder.Services.AddHostedService(provider =>
        {
            // All services are made before the first one starts.
            provider.GetRequiredService<FleetLink>().HoldsSender = true;
            DurableOutbox outbox = provider.GetRequiredService<DurableOutbox>();
            return new ClaimService(
                Of<PublishOptions>(provider), new OwnCredentials(StateOf(provider)), () => outbox.Installation, provider.GetRequiredService<ShelfStatus>(),
                provider.GetRequiredService<IHostApplicationLifetime>().StopApplication, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClaimService>>());
        });
    }

    static FleetParts PartsOf(IServiceProvider provider)
    {
        FleetOptions options = Of<FleetOptions>(provider);
        PublishOptions publish = Of<PublishOptions>(provider);
        FleetLink link = provider.GetRequiredService<FleetLink>();
        TimeProvider clock = provider.GetRequiredService<TimeProvider>();
        ILogger log = provider.GetRequiredService<ILogger<FleetService>>();
        ActiveModel models = provider.GetRequiredService<ActiveModel>();
        PulledModels pulled = provider.GetRequiredService<PulledModels>();
        PlanStore plan = provider.GetRequiredService<PlanStore>();
        SettingsOverlay overlay = provider.GetRequiredService<SettingsOverlay>();
        DurableOutbox outbox = provider.GetRequiredService<DurableOutbox>();
        return new FleetParts(
            options, link, new FleetInbox(link, publish.Device, options.Group, clock, log), new FleetMemoryFile(FolderOf(provider), log), provider.GetRequiredService<WishPreparer>(),
            provider.GetRequiredService<WishApplier>(), new ModelPruner(pulled, models, Of<ModelsOptions>(provider), log), provider.GetRequiredService<FleetWatch>(), provider.GetRequiredService<ModelHours>(),
            new FleetReporter(publish, options, link, models, pulled, plan, provider.GetRequiredService<BayStatus>(), overlay.Read(), clock), overlay,
            () => outbox.Installation, provider.GetRequiredService<IHostApplicationLifetime>().StopApplication);
    }

    static string StateOf(IServiceProvider provider) => Of<PlanOptions>(provider).State;

    static string FolderOf(IServiceProvider provider) => Path.Combine(StateOf(provider), SettingsOverlay.FolderName);

    static T Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
