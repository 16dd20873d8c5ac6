using System.CommandLine;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf shelf show|check`: whether everything is where it belongs.</summary>
static class ShelfCommand
{
    public static Command Create() => new("shelf", "Show what is missing on the shelf, and check pictures of it.")
    {
        ShelfShowCommand.Create(),
        ShelfCheckCommand.Create(),
    };
}
