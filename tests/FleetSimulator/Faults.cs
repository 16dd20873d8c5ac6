namespace FleetSimulator;

enum FaultKind
{
    /// <summary>The network is gone for a while: nothing is said, and the broker tells the last will.</summary>
    NetworkCut,

    /// <summary>The device starts again, with another boot id. What waits in the outbox is still there.</summary>
    Reboot,

    /// <summary>The clock is wrong, and known to be, until the next fault or the time is up.</summary>
    ClockStep,
}

/// <param name="Lasts">How long the device is away, or its clock is wrong.</param>
/// <param name="Step">The error of the clock.</param>
sealed record Fault(FaultKind Kind, TimeSpan Lasts, TimeSpan Step);

/// <summary>The faults of one device. The same seed and device give the same faults.</summary>
sealed class Faults(SimulationPlan plan, int device)
{
    readonly Random _random = new(HashCode.Combine(plan.Seed, device, 17));

    /// <summary>The time until the next fault, which is distributed exponentially, or null if there are none.</summary>
    public TimeSpan? UntilNext() => plan.FaultEvery == TimeSpan.Zero ? null : plan.FaultEvery * -Math.Log(1 - _random.NextDouble());

    public Fault Next() => _random.Next(10) switch
    {
        < 6 => new Fault(FaultKind.NetworkCut, TimeSpan.FromSeconds(1 + _random.Next(60)), default),
        < 9 => new Fault(FaultKind.Reboot, TimeSpan.FromSeconds(5 + _random.Next(25)), default),
        _ => new Fault(FaultKind.ClockStep, TimeSpan.FromSeconds(30 + _random.Next(90)), TimeSpan.FromMinutes(_random.Next(-120, 120))),
    };
}
