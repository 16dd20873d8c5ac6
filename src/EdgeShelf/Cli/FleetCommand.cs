using System.CommandLine;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet`: what an engineer does with many devices at once, over the broker alone.</summary>
static class FleetCommand
{
    public static Command Create() => new("fleet", "See and change many devices at once, over the broker alone.")
    {
        FleetSignCommand.Create(),
        FleetKeygenCommand.Create(),
    };
}
