using EdgeShelf.Fleet;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Plan;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace EdgeShelf.Configuration;

/// <summary>The settings of the chain as a layer of the configuration.</summary>
/// <param name="rebuild">Builds the same configuration with other settings of the chain.</param>
sealed class FleetConfiguration(IReadOnlyDictionary<string, string> settings, Func<IReadOnlyDictionary<string, string>, IConfigurationRoot> rebuild) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Layer(settings, rebuild);

    /// <summary>Returns a configuration with other settings of the chain. They come last if the configuration has no layer for them.</summary>
    public static IConfiguration With(IConfiguration configuration, IReadOnlyDictionary<string, string> settings) =>
        LayerOf(configuration) is { } layer
            ? layer.Rebuild(settings)
            : new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build();

    /// <summary>The settings of the chain in a configuration.</summary>
    public static IReadOnlyDictionary<string, string> SettingsOf(IConfiguration configuration) => LayerOf(configuration)?.Settings ?? new Dictionary<string, string>();

    /// <summary>The file of these settings, in the state folder that the configuration names.</summary>
    public static SettingsOverlay OverlayOf(IConfiguration configuration) => new(StateOf(configuration));

    /// <summary>The state folder that a configuration names.</summary>
    public static string StateOf(IConfiguration configuration) =>
        configuration[$"{PlanOptions.Section}:{nameof(PlanOptions.State)}"] is { Length: > 0 } state ? state : ServiceDirectories.State;

    static Layer? LayerOf(IConfiguration configuration) => (configuration as IConfigurationRoot)?.Providers.OfType<Layer>().SingleOrDefault();

    sealed class Layer(IReadOnlyDictionary<string, string> settings, Func<IReadOnlyDictionary<string, string>, IConfigurationRoot> rebuild)
        : MemoryConfigurationProvider(new MemoryConfigurationSource { InitialData = settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)) })
    {
        public IReadOnlyDictionary<string, string> Settings => settings;

        public IConfigurationRoot Rebuild(IReadOnlyDictionary<string, string> other) => rebuild(other);
    }
}
