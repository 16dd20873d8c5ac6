using System.Text.RegularExpressions;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli.Setup;

/// <summary>
/// Fills the placeholders of a name, so that one file sets up many devices: `{serial}` is the board's serial number, `{mac}` the address of
/// its network card, and `{device}` the device's name.
/// </summary>
/// <param name="Board">What stands for them.</param>
/// <param name="Problems">Where each problem is added.</param>
sealed partial record Placeholders(BoardIdentity Board, List<string> Problems)
{
    /// <summary>What stands for `{device}`, or null where it is not allowed.</summary>
    public string? Device { get; init; }

    /// <param name="answer">The name of the answer, for messages.</param>
    public string? Fill(string answer, string? name) => name is null ? null : Placeholder().Replace(name, found => Of(answer, name, found.Value));

    string Of(string answer, string name, string placeholder)
    {
        string? value = placeholder switch
        {
            "{serial}" => Board.Serial,
            "{mac}" => Board.Mac,
            "{device}" => Device,
            _ => null,
        };
        if (value is null)
        {
            Problems.Add($"{answer} is \"{name}\"; " + placeholder switch
            {
                "{serial}" => "this board has no serial number, so use {mac}",
                "{mac}" => "this board has no network card, so use {serial}",
                _ => $"{placeholder} stands for nothing here; allowed are {{serial}} and {{mac}}, and {{device}} in a user's name where there is a device's name",
            });
        }
        return value ?? placeholder;
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();
}
