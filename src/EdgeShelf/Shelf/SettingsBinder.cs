using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Shelf;

/// <summary>
/// Reads settings into options. It knows the properties of their classes from what the compiler generates for JSON, and reads times as
/// <see cref="Duration"/> does. The binder of .NET would need reflection, and its source generator has no place for another form of times.
/// </summary>
static class SettingsBinder
{
    /// <summary>Binds the options to a section of the configuration.</summary>
    /// <param name="type">The class of the options, with the names of the properties as they are.</param>
    public static OptionsBuilder<T> BindSettings<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this OptionsBuilder<T> builder, string section, JsonTypeInfo<T> type)
        where T : class => builder.Configure<IConfiguration>((options, configuration) => Bind(configuration.GetSection(section), type, options));

    /// <summary>Returns new options with the settings of a section. What the section does not have keeps its default.</summary>
    /// <exception cref="SettingException">A value cannot be parsed.</exception>
    public static T Read<T>(IConfigurationSection section, JsonTypeInfo<T> type) where T : class => (T)Read(section, (JsonTypeInfo)type);

    /// <inheritdoc cref="Read{T}"/>
    public static object Read(IConfigurationSection section, JsonTypeInfo type)
    {
        object options = type.CreateObject!();
        Bind(section, type, options);
        return options;
    }

    /// <summary>The properties that are settings. The others are computed from them.</summary>
    public static IEnumerable<JsonPropertyInfo> SettingsOf(JsonTypeInfo type) => type.Properties.Where(property => property.Set is not null);

    /// <summary>The type of a setting's value; of an optional one, the type that it has when it is there.</summary>
    public static Type ValueType(JsonPropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    /// <summary>Whether a setting may be null.</summary>
    public static bool MayBeNull(JsonPropertyInfo property) => property.PropertyType.IsValueType ? ValueType(property) != property.PropertyType : property.IsSetNullable;

    /// <summary>Returns the class of the settings inside a property, or null if the property is a single value or a list.</summary>
    public static JsonTypeInfo? Inner(JsonTypeInfo type, JsonPropertyInfo property) =>
        type.Options.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } inner ? inner : null;

    /// <summary>Whether a setting is a list of texts.</summary>
    public static bool IsList(Type type) => type.IsAssignableFrom(typeof(List<string>)) && type != typeof(object);

    /// <summary>Reads one value: a text, a time, true or false, a number or a name of an enum.</summary>
    /// <param name="type">The type of the value, which is not nullable.</param>
    public static bool TryParse(string text, Type type, [NotNullWhen(true)] out object? value)
    {
        value = type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(TimeSpan) => Duration.TryParse(text, out TimeSpan time, out _) ? time : null,
            _ when type == typeof(bool) => bool.TryParse(text, out bool flag) ? flag : null,
            _ when type == typeof(int) => TryParseWhole(text, int.MinValue, int.MaxValue, out decimal number) ? (int)number : null,
            _ when type == typeof(long) => TryParseWhole(text, long.MinValue, long.MaxValue, out decimal number) ? (long)number : null,
            _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
            // A number can be parsed as any enum, even if the value is not defined.
            { IsEnum: true } => Enum.GetNames(type).FirstOrDefault(name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null,
            _ => throw new NotSupportedException($"A setting of the type {type.Name} cannot be read; add the type here."),
        };
        return value is not null;
    }

    /// <summary>Reads a whole number. It may be written as 17.0 or 1.7e1, which JSON Schema calls an integer too.</summary>
    static bool TryParseWhole(string text, decimal least, decimal most, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && decimal.IsInteger(number) && number >= least && number <= most;

    static void Bind(IConfigurationSection section, JsonTypeInfo type, object options)
    {
        // A key whose value is null is there too: it is one of the children.
        Dictionary<string, IConfigurationSection> found = section.GetChildren().ToDictionary(child => child.Key, StringComparer.OrdinalIgnoreCase);
        foreach (JsonPropertyInfo property in SettingsOf(type))
        {
            if (!found.TryGetValue(property.Name, out IConfigurationSection? setting))
                continue;
            if (IsList(property.PropertyType))
                property.Set!(options, setting.GetChildren().Select(item => item.Value).OfType<string>().ToList());
            else if (Inner(type, property) is { } inner)
                Bind(setting, inner, property.Get!(options)!);
            else if (Parse(setting, property) is var value && (value is not null || MayBeNull(property)))
                property.Set!(options, value);
        }
    }

    static object? Parse(IConfigurationSection setting, JsonPropertyInfo property)
    {
        Type type = ValueType(property);
        // An empty value of an optional number means none; an empty text is a text.
        if (setting.Value is not { } text || (text.Length == 0 && MayBeNull(property) && type != typeof(string)))
            return null;
        return TryParse(text, type, out object? value) ? value : throw new SettingException(setting.Path, text);
    }
}

/// <summary>A value in the settings cannot be parsed. `ConfigurationCheck` says what is needed.</summary>
sealed class SettingException(string key, string value) : InvalidOperationException($"{key} is {value}, which cannot be read.")
{
    public string Key { get; } = key;
}
