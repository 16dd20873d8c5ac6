namespace FleetSimulator;

/// <summary>What is simulated.</summary>
/// <param name="Devices">The number of devices.</param>
/// <param name="PerStore">The number of devices of one store. A store goes dark as a whole.</param>
/// <param name="Canaries">The number of devices of the group `canary`; the others belong to `rest`.</param>
/// <param name="Interval">The time between two pictures of a device.</param>
/// <param name="Duration">The time for which pictures are taken. Afterwards the outboxes are emptied.</param>
/// <param name="Drain">The longest time for that.</param>
/// <param name="FaultEvery">The mean time between two faults of one device; zero for no faults.</param>
/// <param name="DarkStores">The number of stores that lose their network at once, in the middle of the run.</param>
/// <param name="DarkFor">How long they are dark.</param>
/// <param name="Seed">The same seed gives the same faults and the same shelves.</param>
sealed record SimulationPlan(
    int Devices, int PerStore, int Canaries, TimeSpan Interval, TimeSpan Duration, TimeSpan Drain, TimeSpan FaultEvery, int DarkStores, TimeSpan DarkFor, int Seed)
{
    public const string Canary = "canary", Rest = "rest";

    /// <summary>The name of a device: its store, a dash, and its number there, from 1.</summary>
    public string NameOf(int device) => $"store{device / PerStore + 1:D4}-{device % PerStore + 1:D2}";

    public int StoreOf(int device) => device / PerStore;

    public string GroupOf(int device) => device < Canaries ? Canary : Rest;
}
