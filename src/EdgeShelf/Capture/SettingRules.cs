using System.Diagnostics.CodeAnalysis;

namespace EdgeShelf.Capture;

/// <summary>Helpers for the rules of several settings.</summary>
static class SettingRules
{
    /// <summary>The maximum length of a side in pixels. The largest Raspberry Pi sensor has fewer, and larger pictures are not decoded.</summary>
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
