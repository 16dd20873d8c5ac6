using System.Text.RegularExpressions;

namespace EdgeShelf.Publish;

/// <summary>The rule for the name of a device. The name is part of topics, so characters with a meaning in MQTT topics are not allowed.</summary>
static partial class DeviceName
{
    public const int MaxLength = 64;
    public const string Allowed = "1 to 64 of A-Z, a-z, 0-9, _ and -";

    public static bool IsValid(string? name) => name is not null && Rule().IsMatch(name);

    public static string OfThisHost() => MadeToFit(Environment.MachineName);

    /// <summary>Makes a valid name of a host name: other characters become `-`, a long name is cut off, and an empty name becomes `edgeshelf`.</summary>
    public static string MadeToFit(string hostName)
    {
        string fitting = Other().Replace(hostName, "-").Trim('-');
        return fitting.Length switch
        {
            0 => "edgeshelf",
            > MaxLength => fitting[..MaxLength],
            _ => fitting,
        };
    }

    // Use \z and not $, because $ also matches before a line feed at the end.
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Rule();

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Other();
}
