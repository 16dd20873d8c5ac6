using System.Diagnostics.CodeAnalysis;

namespace EdgeShelf.Capture;

/// <summary>What the rules of several settings share.</summary>
static class SettingRules
{
    /// <summary>The largest Raspberry Pi sensor has fewer pixels on a side, and no more are decoded.</summary>
    public const int MaxSide = 5000;

    public static bool IsBetween(int value, int least, int most, string key, [NotNullWhen(false)] out string? problem)
    {
        problem = value >= least && value <= most ? null : $"{key} is {value}; allowed are {least} to {most}";
        return problem is null;
    }

    public static string Shown(string? value) => string.IsNullOrEmpty(value) ? "empty" : $"'{value}'";

    /// <summary>Scheme, host and path: cameras have names and passwords in the query.</summary>
    public static string WithoutSecrets(Uri address) => address.IsAbsoluteUri ? address.GetLeftPart(UriPartial.Path) : "another address";
}
