using System.Collections;
using System.Reflection;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;

namespace EdgeShelf.Configuration;

/// <summary>One setting, as the options classes define it. The completion of the shell and the schema of the configuration file are made from these.</summary>
/// <param name="Key">The key in the form `Section:Key`.</param>
/// <param name="Type">The type of the value; of an optional one, the type that it has when it is there.</param>
/// <param name="MayBeNull">Whether the setting may also be null, which means the default.</param>
/// <param name="Default">The default, or null if there is none.</param>
sealed record Setting(string Key, Type Type, bool MayBeNull, object? Default)
{
    public static IReadOnlyList<Setting> All { get; } = [.. ConfigurationCheck.Sections.SelectMany(known => In(known.Section, Activator.CreateInstance(known.Options)!))];

    /// <summary>Whether the value is a list.</summary>
    public bool IsList => IsListType(Type);

    /// <summary>The allowed values, where they can be listed.</summary>
    public IReadOnlyList<string> Values => Type switch
    {
        _ when Key == $"{CaptureOptions.Section}:{nameof(CaptureOptions.Camera)}" => [.. CameraKinds.All.Select(kind => kind.Name)],
        _ when Type == typeof(bool) => ["true", "false"],
        { IsEnum: true } => Enum.GetNames(Type),
        _ => [],
    };

    static IEnumerable<Setting> In(string path, object options)
    {
        NullabilityInfoContext nullability = new();
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? value = property.GetValue(options);
            if (type.IsClass && type != typeof(string) && !IsListType(type))
            {
                foreach (Setting inner in In($"{path}:{property.Name}", value!))
                    yield return inner;
            }
            else
            {
                yield return new Setting($"{path}:{property.Name}", type, nullability.Create(property).WriteState == NullabilityState.Nullable, value);
            }
        }
    }

    static bool IsListType(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);
}
