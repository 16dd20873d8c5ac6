using System.Diagnostics.CodeAnalysis;
using EdgeShelf.Platform;

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

    /// <summary>Finds the problems of a file with the authorities for an https:// address.</summary>
    public static IEnumerable<string> ProblemsOfCaFile(string? caFile, string? url, string section)
    {
        if (string.IsNullOrEmpty(caFile))
            yield break;
        if (!File.Exists(caFile))
            yield return $"{section}:CaFile is {caFile}; allowed are PEM files that exist and that this user may read";
        if (url?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == false)
            yield return $"{section}:CaFile is {caFile}; allowed is nothing without TLS: {section}:Url must begin with https://";
    }

    public static string Shown(string? value) => string.IsNullOrEmpty(value) ? "empty" : $"'{PlainText.Shown(value)}'";

    /// <summary>Scheme, host and path: cameras have names and passwords in the query.</summary>
    public static string WithoutSecrets(Uri address) => address.IsAbsoluteUri ? address.GetLeftPart(UriPartial.Path) : "another address";
}
