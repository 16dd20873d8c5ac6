using System.Text.Json.Nodes;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Publish.Broker;

/// <summary>
/// What the sender learned about the broker, across connections: which side channels it does without, whether another device
/// has the same name, and the limits of the broker. Each change is logged once and shown in `…/state`.
/// </summary>
sealed class BrokerStanding(StateReporter state, ShelfStatus status, DurableOutbox outbox, TimeProvider clock, ILogger log)
{
    readonly LeftOutChannels _leftOut = new(clock);
    readonly NameConflict _conflict = new(clock);
    IReadOnlyList<string> _limits = [];

    public bool HasNameConflict => _conflict.IsOn;

    public bool Allows(SideChannel channel) => _leftOut.Allows(channel);

    /// <summary>Leaves out a side channel for a while, because the broker does not accept it.</summary>
    public void LeaveOut(SideChannel channel, string reason)
    {
        string name = SideChannels.NameOf(channel);
        if (_leftOut.LeaveOut(channel, reason))
            log.ChannelLeftOut(name, reason);
        Show();
    }

    /// <summary>Call this when the broker accepted a message of a side channel.</summary>
    public void Taken(SideChannel channel)
    {
        if (!_leftOut.Taken(channel))
            return;
        string name = SideChannels.NameOf(channel);
        log.ChannelTaken(name);
        Show();
    }

    /// <summary>Call this when the broker accepted the connection.</summary>
    public void Connected(BrokerLimits limits)
    {
        IReadOnlyList<string> sentences = limits.Sentences;
        if (sentences.SequenceEqual(_limits))
            return;
        _limits = sentences;
        foreach (string sentence in sentences)
            log.BrokerLimit(sentence);
        Show();
    }

    /// <summary>Call this regularly while connected.</summary>
    /// <returns>True if a name conflict has ended.</returns>
    public bool Stands(TimeSpan lived)
    {
        DateTimeOffset? since = _conflict.Since;
        if (!_conflict.Stands(lived))
            return false;
        log.NameConflictEnded();
        outbox.TryAppendEvent(EventTypes.NameConflict, "No other device uses this device's name any more.", new JsonObject { ["ongoing"] = false, ["since"] = UtcJsonConverter.Text(since!.Value) });
        Show();
        return true;
    }

    /// <summary>Call this when an established connection was lost.</summary>
    /// <returns>The problem, or the name conflict that caused it.</returns>
    public BrokerException Lost(BrokerException problem, TimeSpan lived)
    {
        if (_conflict.Lost(problem, lived))
        {
            string how = problem.IsSessionTakenOver ? "The broker says so" : $"The broker ended {NameConflict.Unexplained} connections in a row without a reason";
            outbox.TryAppendEvent(
                EventTypes.NameConflict, $"Another device connects under this device's name. {how}.", new JsonObject { ["ongoing"] = true, ["since"] = UtcJsonConverter.Text(_conflict.Since!.Value) });
            Show();
        }
        bool isSign = problem.IsSessionTakenOver || problem is { IsClosedByBroker: true, IsExplained: false };
        return !_conflict.IsOn || !isSign ? problem : new BrokerException(
            "Another device connects to the broker under this device's name, and each takes the connection from the other.",
            "Give each device its own name in Publish:Device.", problem, isSessionTakenOver: true, isClosedByBroker: true);
    }

    void Show()
    {
        state.Broker = new BrokerDocument(
            [.. _leftOut.All.Select(left => new LeftOutDocument(SideChannels.NameOf(left.Channel), left.Until, left.Reason))], _conflict.Since, _limits);
        status.Touch();
    }
}
