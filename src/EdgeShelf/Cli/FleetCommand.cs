using System.CommandLine;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet`: what an engineer does with many devices at once, over the broker alone.</summary>
static class FleetCommand
{
    public static Command Create() => new("fleet", "See and change many devices at once, over the broker alone.")
    {
        FleetStatusCommand.Create(),
        FleetRolloutCommand.Create(),
        FleetRollbackCommand.Create(),
        FleetPlanogramCommand.Create(),
        FleetSignCommand.Create(),
        FleetKeygenCommand.Create(),
    };
}
