using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Shelf;

namespace EdgeShelf.Configuration;

/// <summary>One setting, as the options classes define it. The completion of the shell and the schema of the configuration file are made from these.</summary>
/// <param name="Key">The key in the form `Section:Key`.</param>
/// <param name="Type">The type of the value; of an optional one, the type that it has when it is there.</param>
/// <param name="MayBeNull">Whether the setting may also be null, which means the default.</param>
/// <param name="Default">The default, or null if there is none.</param>
sealed record Setting(string Key, Type Type, bool MayBeNull, object? Default)
{
    public static IReadOnlyList<Setting> All { get; } = [.. ConfigurationCheck.Sections.SelectMany(known => In(known.Section, known.Options, known.Options.CreateObject!()))];

    /// <summary>Whether the value is a list.</summary>
    public bool IsList => SettingsBinder.IsList(Type);

    /// <summary>The allowed values, where they can be listed.</summary>
    public IReadOnlyList<string> Values => Type switch
    {
        _ when Key == $"{CaptureOptions.Section}:{nameof(CaptureOptions.Camera)}" => [.. CameraKinds.All.Select(kind => kind.Name)],
        _ when Type == typeof(bool) => ["true", "false"],
        { IsEnum: true } => Enum.GetNames(Type),
        _ => [],
    };

    static IEnumerable<Setting> In(string path, JsonTypeInfo type, object options)
    {
        foreach (JsonPropertyInfo property in SettingsBinder.SettingsOf(type))
        {
            object? value = property.Get!(options);
            if (!SettingsBinder.IsList(property.PropertyType) && SettingsBinder.Inner(type, property) is { } inner)
            {
                foreach (Setting setting in In($"{path}:{property.Name}", inner, value!))
                    yield return setting;
            }
            else
            {
                yield return new Setting($"{path}:{property.Name}", SettingsBinder.ValueType(property), SettingsBinder.MayBeNull(property), value);
            }
        }
    }
}
