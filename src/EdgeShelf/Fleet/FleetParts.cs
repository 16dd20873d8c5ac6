using EdgeShelf.Fleet.Apply;
using EdgeShelf.Fleet.Pull;
using EdgeShelf.Fleet.Watch;
using EdgeShelf.Fleet.Wishes;
using EdgeShelf.Publish.Broker;

namespace EdgeShelf.Fleet;

/// <summary>The parts that the service of the fleet brings together.</summary>
/// <param name="Installation">Returns the UUID of the installation, or null while it cannot be read.</param>
/// <param name="Restart">Ends the service, so that systemd starts it again.</param>
sealed record FleetParts(
    FleetOptions Options, FleetLink Link, FleetInbox Inbox, FleetMemoryFile File, WishPreparer Preparer, WishApplier Applier, ModelPruner Pruner, FleetWatch Watch, ModelHours Hours,
    FleetReporter Reporter, SettingsOverlay Overlay, Func<Guid?> Installation, Action Restart);
