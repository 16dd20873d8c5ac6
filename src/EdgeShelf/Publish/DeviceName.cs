using System.Text.RegularExpressions;

namespace EdgeShelf.Publish;

/// <summary>The rule for a device's name: it stands in topics, so nothing that MQTT reads as structure is let in.</summary>
static partial class DeviceName
{
    public const int MaxLength = 64;
    public const string Allowed = "1 to 64 of A-Z, a-z, 0-9, _ and -";

    public static bool IsValid(string? name) => name is not null && Rule().IsMatch(name);

    public static string OfThisHost() => MadeToFit(Environment.MachineName);

    /// <summary>Other characters become `-`; too much is cut off; nothing becomes `edgeshelf`.</summary>
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

    // \z, not $: $ would let a line feed through.
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Rule();

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Other();
}
