using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Support;

/// <summary>A real outbox in a temporary folder, and what a test may turn: the clock, the free space, the caps.</summary>
sealed class OutboxInFolder : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public OutboxInFolder(PublishOptions? options = null)
    {
        Options = options ?? new PublishOptions { Device = "shelf-07" };
        Outbox = Open();
    }

    public PublishOptions Options { get; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 30, 0, TimeSpan.Zero));
    public bool ClockSynced { get; set; } = true;
    public long FreeBytes { get; set; } = long.MaxValue;
    public DurableOutbox Outbox { get; private set; }
    public string Folder => _folder.Path;
    public string File(string name) => _folder.File(name);

    /// <summary>As after a restart of the process.</summary>
    public DurableOutbox Reopen()
    {
        Outbox.Dispose();
        return Outbox = Open();
    }

    public CommittedResult AppendResult(string label = "Granny-Smith") =>
        Outbox.AppendResult(SomeResult.Of(label), Trigger.Timer, Clock.GetUtcNow());

    /// <summary>Takes everything out as a broker would that accepts it all.</summary>
    public List<OutboxMessage> Drain()
    {
        List<OutboxMessage> drained = [];
        while (Outbox.Peek() is { } message)
        {
            drained.Add(message);
            Outbox.Delivered(message.Seq);
        }
        return drained;
    }

    public void Dispose()
    {
        Outbox.Dispose();
        _folder.Dispose();
    }

    DurableOutbox Open()
    {
        DurableOutbox outbox = new(_folder.Path, Options, Clock, () => ClockSynced, () => FreeBytes, NullLogger<DurableOutbox>.Instance);
        outbox.Open();
        return outbox;
    }
}
