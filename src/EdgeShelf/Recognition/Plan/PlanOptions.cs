using EdgeShelf.Platform;

namespace EdgeShelf.Recognition.Plan;

/// <summary>The `Shelf` section: where the device keeps what staff and the backend tell it about the bay.</summary>
sealed class PlanOptions
{
    public const string Section = "Shelf";

    /// <summary>The folder for the slots, the planogram, their earlier versions and the reference pictures. The default is the state directory.</summary>
    public string State { get; set; } = ServiceDirectories.State;
}
