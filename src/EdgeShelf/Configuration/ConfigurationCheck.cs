using System.Text.Json.Serialization.Metadata;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Fleet;
using EdgeShelf.Logging;
using EdgeShelf.Models;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Configuration;

/// <summary>
/// Finds all problems of the settings at once: unknown keys, values of the wrong type, and the problems that the validators of
/// the features report.
/// </summary>
static class ConfigurationCheck
{
    /// <summary>The key by which editors find the schema of the file; it is not a setting.</summary>
    const string SchemaKey = "$schema";

    /// <summary>All sections with what the compiler generates of their options classes. A section inside another one comes after it.</summary>
    public static IReadOnlyList<(string Section, JsonTypeInfo Options)> Sections { get; } =
    [
        (CaptureOptions.Section, CaptureJson.Default.CaptureOptions),
        .. CameraKinds.All.Where(kind => kind.Options is not null).Select(kind => (kind.Section, kind.Options!)),
        (VisionOptions.Section, RecognitionJson.Default.VisionOptions),
        (ModelsOptions.Section, ModelsJson.Default.ModelsOptions),
        (PlanOptions.Section, RecognitionJson.Default.PlanOptions),
        (PlanogramOptions.Section, RecognitionJson.Default.PlanogramOptions),
        (TeachingOptions.Section, TeachingJson.Default.TeachingOptions),
        (PublishOptions.Section, PublishJson.Default.PublishOptions),
        (FleetOptions.Section, FleetJson.Default.FleetOptions),
        (WebOptions.Section, WebJson.Default.WebOptions),
        (LogOptions.Section, LoggingJson.Default.LogOptions),
    ];

    /// <exception cref="ConfigurationException">There is a problem. The message has one line for each: the key, the value and what is allowed.</exception>
    public static void ThrowIfWrong(IConfiguration configuration, IHost host) => ThrowIfAny(ProblemsOf(configuration, host));

    /// <summary>Returns one line for each problem: the key, the value and what is allowed.</summary>
    public static IReadOnlyList<string> ProblemsOf(IConfiguration configuration, IHost host)
    {
        List<string> problems = [.. KeyProblems(configuration)];
        bool allValuesParse = problems.Count == 0;
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException problem)
        {
            AddNew(problem.Failures);
        }
        catch (AggregateException several)
        {
            AddNew(several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(problem => problem.Failures));
        }
        catch (InvalidOperationException) when (!allValuesParse)
        {
            // The binder fails on a value that was already reported above with its key.
        }
        return problems;

        // The validator of a feature may report a setting again whose value is missing or cannot be parsed.
        void AddNew(IEnumerable<string> failures) =>
            problems.AddRange(failures.Where(failure => !problems.Any(known => failure.StartsWith(known[..(known.IndexOf(" is ", StringComparison.Ordinal) + 4)], StringComparison.Ordinal))).ToArray());
    }

    /// <param name="hint">What to do next.</param>
    public static void ThrowIfAny(IReadOnlyList<string> problems, string hint = "Run `edgeshelf config show` to see all settings and their current values.")
    {
        if (problems.Count > 0)
            throw new ConfigurationException(
                $"{(problems.Count == 1 ? "A setting is" : $"{problems.Count} settings are")} wrong:\n  - {string.Join("\n  - ", problems)}",
                hint);
    }

    /// <summary>Reads one section, for a command that does not need the others.</summary>
    /// <exception cref="ConfigurationException">A value in the section cannot be parsed.</exception>
    public static T Read<T>(IConfiguration configuration, string section) where T : class
    {
        string[] problems = [.. ProblemsIn(configuration.GetSection(section), TypeOf(section))];
        ThrowIfAny(problems);
        return (T)SettingsBinder.Read(configuration.GetSection(section), TypeOf(section));
    }

    /// <summary>What the compiler generates of the options class of a section.</summary>
    public static JsonTypeInfo TypeOf(string section) => Sections.First(known => known.Section == section).Options;

    /// <summary>Finds keys that no options class has and values that cannot be parsed.</summary>
    public static IEnumerable<string> KeyProblems(IConfiguration configuration)
    {
        foreach (IConfigurationSection section in configuration.GetChildren().Where(section => section.Key != SchemaKey))
        {
            JsonTypeInfo? options = Sections.FirstOrDefault(known => known.Section.Equals(section.Key, StringComparison.OrdinalIgnoreCase)).Options;
            IEnumerable<string> problems = options is null
                ? [$"{Named(section)} is not a section; allowed are {string.Join(", ", Sections.Select(known => known.Section).Where(known => !known.Contains(':')))}"]
                : ProblemsIn(section, options);
            foreach (string problem in problems)
                yield return problem;
        }
    }

    static IEnumerable<string> ProblemsIn(IConfigurationSection section, JsonTypeInfo type)
    {
        string inside = section.Path + ":";
        var sections = Sections.Where(known => known.Section.StartsWith(inside, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (!string.IsNullOrEmpty(section.Value))
            yield return $"{section.Path} is {section.Value}; a section with settings in it is needed";
        JsonPropertyInfo[] properties = [.. SettingsBinder.SettingsOf(type)];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (sections.FirstOrDefault(known => known.Section.Equals(child.Path, StringComparison.OrdinalIgnoreCase)).Options is { } options)
            {
                foreach (string problem in ProblemsIn(child, options))
                    yield return problem;
                continue;
            }
            JsonPropertyInfo? property = properties.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                yield return $"{Named(child)} is not a setting; {section.Path} has {string.Join(", ", properties.Select(known => known.Name).Concat(sections.Select(known => known.Section[inside.Length..])))}";
                continue;
            }
            Type valueType = SettingsBinder.ValueType(property);
            if (SettingsBinder.IsList(valueType))
            {
                foreach (string problem in ListProblems(child))
                    yield return problem;
            }
            else if (SettingsBinder.Inner(type, property) is { } inner)
            {
                foreach (string problem in ProblemsIn(child, inner))
                    yield return problem;
            }
            else if (ProblemOf(child, property, valueType) is { } wanted)
            {
                yield return $"{child.Path} is {Shown(child)}; {wanted}";
            }
        }
    }

    static IEnumerable<string> ListProblems(IConfigurationSection list)
    {
        IConfigurationSection[] items = [.. list.GetChildren()];
        bool isSection = items.Any(item => !item.Key.All(char.IsAsciiDigit) || item.Key.Length == 0);
        if (isSection || !string.IsNullOrEmpty(list.Value))
        {
            yield return $"{list.Path} is {Shown(list)}; a list is needed, in a file as [ ... ], elsewhere as {list.Path}:0";
            yield break;
        }
        // An empty text is an item too: a program may have an empty argument.
        foreach (IConfigurationSection item in items.Where(item => item.GetChildren().Any() || item.Value?.Contains('\0', StringComparison.Ordinal) != false))
            yield return $"{item.Path} is {Shown(item)}; a text is needed";
    }

    /// <returns>What is needed instead, or null if the value is valid.</returns>
    static string? ProblemOf(IConfigurationSection setting, JsonPropertyInfo property, Type type)
    {
        bool isSection = setting.GetChildren().Any();
        // An optional setting may also be empty or null, which means the default.
        if (!isSection && SettingsBinder.MayBeNull(property) && string.IsNullOrEmpty(setting.Value))
            return null;
        if (isSection || setting.Value is not { } value)
            return Wanted(type);
        // A path, name or address cannot contain a NUL: the system would cut the text there, or .NET would throw.
        if (type == typeof(string))
            return value.Length == 0 || value.Contains('\0', StringComparison.Ordinal) ? Wanted(type) : null;
        if (type == typeof(TimeSpan))
            return Duration.TryParse(value, out _, out string? problem) ? null : problem;
        return SettingsBinder.TryParse(value, type, out _) ? null : Wanted(type);
    }

    static string Shown(IConfigurationSection setting) => setting.GetChildren().Any() ? "a section" : setting.Value switch
    {
        null => "null",
        "" => "empty",
        { } value => PlainText.Shown(value),
    };

    /// <summary>The key of a setting that does not exist. A blank one is not seen without quotes.</summary>
    static string Named(IConfigurationSection unknown) => string.IsNullOrWhiteSpace(unknown.Key) ? $"The key \"{unknown.Path}\"" : unknown.Path;

    static string Wanted(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => $"a time is needed: {Duration.Examples}",
        _ when type == typeof(bool) => "true or false is needed",
        _ when type.IsEnum => $"allowed are {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(string) => "a text is needed",
        _ when type != typeof(double) => "a whole number is needed",
        _ => "a number is needed",
    };
}
