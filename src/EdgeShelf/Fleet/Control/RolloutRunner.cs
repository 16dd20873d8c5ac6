using EdgeShelf.Publish.Broker;

namespace EdgeShelf.Fleet.Control;

/// <summary>Drives a <see cref="Rollout"/> with what the broker tells, over breaks of the connection.</summary>
/// <param name="tell">Called with each step, also when nothing changed.</param>
/// <param name="warn">Called with a sentence when the connection breaks.</param>
sealed class RolloutRunner(FleetBroker broker, TimeProvider clock, Action<RolloutStep> tell, Action<string> warn)
{
    /// <summary>The time after which limits are checked anew even if no device tells anything.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time between two steps, because a step looks at all devices.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(5);

    /// <param name="document">A document with its version.</param>
    /// <returns>The last step, which is <see cref="RolloutAction.Finished"/> or <see cref="RolloutAction.Stopped"/>.</returns>
    /// <exception cref="Shelf.EdgeShelfException">The broker does not take the document, or a group has got another one meanwhile.</exception>
    public async Task<RolloutStep> RunAsync(WantedDocument document, IReadOnlyList<string> groups, RolloutRules rules, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        Rollout rollout = new(groups, document.Version!.Value, rules);
        while (true)
        {
            try
            {
                if (broker.IsLost)
                    await broker.ConnectAsync(cancellationToken);
                RolloutStep step = rollout.Next(broker.View.Devices, broker.WantedOf(rollout.Group)?.Version, clock.GetElapsedTime(start));
                tell(step);
                if (step.Action is RolloutAction.Finished or RolloutAction.Stopped)
                    return step;
                if (step.Action == RolloutAction.Publish)
                {
                    await PublishAsync(step.Group, document, cancellationToken);
                    rollout.Published(clock.GetElapsedTime(start));
                    continue;
                }
            }
            catch (BrokerException problem)
            {
                warn($"{problem.Message} The devices go on by themselves; the connection is tried again.");
                await Task.Delay(ReconnectAfter, clock, cancellationToken);
                continue;
            }
            await broker.View.Changed.WaitAsync(Tick, cancellationToken);
            await Task.Delay(Pace, clock, cancellationToken);
        }
    }

    async Task PublishAsync(string group, WantedDocument document, CancellationToken cancellationToken)
    {
        WantedDocument? retained = broker.WantedOf(group);
        // Another rollout may have been started since the first group.
        document.Choose([(group, retained)]);
        if (retained?.Version != document.Version)
            await broker.PublishAsync(group, document, keepsBefore: false, cancellationToken);
    }
}
