using System.Collections;
using System.ComponentModel;
using System.Reflection;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Logging;
using EdgeShelf.Models;
using EdgeShelf.Publish;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Configuration;

/// <summary>
/// Finds everything that is wrong with the settings at once: keys that nobody reads, values of the wrong type, and what the
/// features' own validators say.
/// </summary>
static class ConfigurationCheck
{
    /// <summary>Every section and the options class it is read into; a section inside another one comes after it.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        (CaptureOptions.Section, typeof(CaptureOptions)),
        .. CameraKinds.All.Select(kind => (kind.Section, kind.Options)),
        (VisionOptions.Section, typeof(VisionOptions)),
        (ModelsOptions.Section, typeof(ModelsOptions)),
        (PublishOptions.Section, typeof(PublishOptions)),
        (WebOptions.Section, typeof(WebOptions)),
        (LogOptions.Section, typeof(LogOptions)),
    ];

    /// <exception cref="ConfigurationException">One line for each problem: key, value, what is allowed.</exception>
    public static void ThrowIfWrong(IConfiguration configuration, IHost host) => ThrowIfAny(ProblemsOf(configuration, host));

    /// <summary>One line for each problem: key, value, what is allowed.</summary>
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
            // The binder stumbles over a value that has been reported by its key above.
        }
        return problems;

        // A feature's validator repeats what is wrong with a value that is no value at all.
        void AddNew(IEnumerable<string> failures) =>
            problems.AddRange(failures.Where(failure => !problems.Any(known => failure.StartsWith(known[..(known.IndexOf(" is ", StringComparison.Ordinal) + 4)], StringComparison.Ordinal))).ToArray());
    }

    public static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw new ConfigurationException(
                $"{(problems.Count == 1 ? "A setting is" : $"{problems.Count} settings are")} wrong:\n  - {string.Join("\n  - ", problems)}",
                "See `edgeshelf config show` for all settings and what they are now.");
    }

    /// <summary>One section for a verb that needs no others.</summary>
    /// <exception cref="ConfigurationException">A value of it does not parse.</exception>
    public static T Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        string[] problems = [.. ProblemsIn(configuration.GetSection(section), typeof(T))];
        ThrowIfAny(problems);
        return configuration.GetSection(section).Get<T>() ?? new T();
    }

    /// <summary>Keys that no options class has and values that do not parse.</summary>
    public static IEnumerable<string> KeyProblems(IConfiguration configuration)
    {
        foreach (IConfigurationSection section in configuration.GetChildren())
        {
            Type? options = Sections.FirstOrDefault(known => known.Section.Equals(section.Key, StringComparison.OrdinalIgnoreCase)).Options;
            IEnumerable<string> problems = options is null
                ? [$"{section.Key} is no section; allowed are {string.Join(", ", Sections.Select(known => known.Section).Where(known => !known.Contains(':')))}"]
                : ProblemsIn(section, options);
            foreach (string problem in problems)
                yield return problem;
        }
    }

    static IEnumerable<string> ProblemsIn(IConfigurationSection section, Type type)
    {
        string inside = section.Path + ":";
        var sections = Sections.Where(known => known.Section.StartsWith(inside, StringComparison.OrdinalIgnoreCase)).ToArray();
        PropertyInfo[] properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (sections.FirstOrDefault(known => known.Section.Equals(child.Path, StringComparison.OrdinalIgnoreCase)).Options is { } options)
            {
                foreach (string problem in ProblemsIn(child, options))
                    yield return problem;
                continue;
            }
            PropertyInfo? property = properties.FirstOrDefault(property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                yield return $"{child.Path} is no setting; {section.Path} has {string.Join(", ", properties.Select(known => known.Name).Concat(sections.Select(known => known.Section[inside.Length..])))}";
                continue;
            }
            Type valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isList = valueType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(valueType);
            if (isList || (valueType.IsClass && valueType != typeof(string)))
            {
                if (!string.IsNullOrEmpty(child.Value))
                    yield return $"{child.Path} is {child.Value}; {(isList ? $"a list is needed, in a file as [ ... ], elsewhere as {child.Path}:0" : "a section with settings in it is needed")}";
                foreach (string problem in isList ? [] : ProblemsIn(child, valueType))
                    yield return problem;
            }
            else if (ProblemOf(child, property, valueType) is { } wanted)
            {
                yield return $"{child.Path} is {Shown(child)}; {wanted}";
            }
        }
    }

    /// <returns>What is needed instead, or null when the value is fine.</returns>
    static string? ProblemOf(IConfigurationSection setting, PropertyInfo property, Type type)
    {
        bool isSection = setting.GetChildren().Any();
        // What may be left out may be empty or null too: both mean the default.
        bool mayBeEmpty = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        if (!isSection && mayBeEmpty && string.IsNullOrEmpty(setting.Value))
            return null;
        if (isSection || setting.Value is not { } value)
            return Wanted(type);
        // No path, name or address has a NUL; the system would cut the text there, or .NET throw.
        if (type == typeof(string))
            return value.Length == 0 || value.Contains('\0', StringComparison.Ordinal) ? Wanted(type) : null;
        if (type == typeof(TimeSpan))
            return Duration.TryParse(value, out _, out string? problem) ? null : problem;
        // A number parses as any enum, defined or not.
        return (type.IsEnum ? Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) : Parses(value, type)) ? null : Wanted(type);
    }

    static bool Parses(string value, Type type)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception)
        {
            // All kinds: each type's converter has its own, and whichever it is, the binder will not be able to read the value either.
            return false;
        }
    }

    static string Shown(IConfigurationSection setting) => setting.GetChildren().Any() ? "a section" : setting.Value switch
    {
        null => "null",
        "" => "empty",
        { } value => value,
    };

    static string Wanted(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => $"a time is needed: {Duration.Examples}",
        _ when type == typeof(bool) => "true or false is needed",
        _ when type.IsEnum => $"allowed are {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(string) => "a text is needed",
        _ => "a number is needed",
    };
}
