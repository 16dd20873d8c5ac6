using System.Text.Json.Nodes;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Publish.Outbox;

public sealed class OutboxSpaceTests : IDisposable
{
    readonly OutboxInFolder _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void AfterALongOutageTheSpaceIsGivenBack()
    {
        for (int i = 0; i < 150; i++)
            _some.Outbox.AppendEvent("large", "x", new JsonObject { ["text"] = new string('x', 60_000) });
        long full = Size;
        _some.Drain();

        while (_some.Outbox.GiveSpaceBack())
        {
        }
        Assert.True(full > 8_000_000, $"{full}");
        Assert.InRange(Size, 0, full / 2);
    }

    /// <summary>loreai#1221: a reader that stayed open let the write-ahead log grow to 5 GB.</summary>
    [Fact]
    public void AReaderThatStaysOpenDoesNotLetTheWriteAheadLogGrow()
    {
        const long Cap = 500_000;
        using TemporaryFolder folder = new();
        using DurableOutbox outbox = new(folder.Path, _some.Options, _some.Clock, () => true, () => long.MaxValue, NullLogger<DurableOutbox>.Instance, Cap);
        outbox.Open();
        outbox.AppendEvent("first", "x");
        using SqliteConnection reader = new($"Data Source={folder.File(DurableOutbox.FileName)};Pooling=false");
        reader.Open();
        using SqliteTransaction snapshot = reader.BeginTransaction(deferred: true);
        Assert.Equal(1, reader.Scalar<long>("SELECT count(*) FROM message"));

        long largest = 0;
        for (int i = 0; i < 100; i++)
        {
            outbox.AppendEvent("large", "x", new JsonObject { ["text"] = new string('x', 20_000) });
            largest = Math.Max(largest, new FileInfo(folder.File(DurableOutbox.FileName + "-wal")) is { Exists: true } wal ? wal.Length : 0);
        }

        Assert.InRange(largest, 0, Cap + 200_000);
        // The reader still sees its moment, and nothing of ours is lost.
        Assert.Equal(1, reader.Scalar<long>("SELECT count(*) FROM message"));
        int drained = 0;
        while (outbox.Peek() is { } message)
        {
            Assert.Equal(++drained, message.Seq);
            outbox.Delivered(message.Seq);
        }
        Assert.Equal(101, drained);
    }

    [Fact]
    public void ACopyThatAPowerCutLeftUnfinishedIsThrownAwayAndAFinishedOneTaken()
    {
        _some.AppendResult();
        _some.Outbox.Dispose();
        string path = _some.File(DurableOutbox.FileName);
        File.WriteAllText(path + ".copy", "half a cop");
        _some.Reopen();
        Assert.Equal(1, _some.Outbox.Depth.Messages);
        _some.AppendResult();
        _some.Outbox.Dispose();

        File.Copy(path, path + ".ready");
        File.WriteAllText(path, "what the copy was to replace");
        _some.Reopen();

        Assert.Equal([1, 2], _some.Drain().Select(message => message.Seq));
    }

    /// <summary>iotedge#835: a full disk must not break it, and it recovers by itself.</summary>
    [Fact]
    public void OnAFullVolumeItGoesOnOrFailsCleanlyAndRecoversByItself()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 3);
        using DurableOutbox outbox = new(volume.Path, _some.Options, _some.Clock, () => true, () => VolumeSpace.Of(volume.Path)!.Value.Free, NullLogger<DurableOutbox>.Instance);
        outbox.Open();
        _some.Options.MinFreeBytes = 500_000;
        List<long> committed = [];
        for (int i = 0; i < 50; i++)
            committed.Add(outbox.AppendResult(SomeResult.Of(), Trigger.Timer, _some.Clock.GetUtcNow()).Seq);
        volume.Fill();
        int failed = 0;
        for (int i = 0; i < 50; i++)
        {
            try
            {
                committed.Add(outbox.AppendResult(SomeResult.Of(), Trigger.Timer, _some.Clock.GetUtcNow()).Seq);
            }
            catch (OutboxException)
            {
                failed++;
            }
        }
        volume.Free();
        committed.Add(outbox.AppendResult(SomeResult.Of(), Trigger.Timer, _some.Clock.GetUtcNow()).Seq);

        // What it took is there or counted as dropped, in order, and no number is used twice.
        List<long> left = [];
        while (outbox.Peek() is { } message)
        {
            left.Add(message.Seq);
            outbox.Delivered(message.Seq);
        }
        Assert.Equal(left.Order(), left);
        Assert.Equal(committed.Distinct().Count(), committed.Count);
        Assert.Equal(committed.Count, left.Intersect(committed).Count() + outbox.Depth.Dropped);
        Assert.InRange(failed, 0, 50);
    }

    [Fact]
    public void WhereTheDiskIsFullAtTheStartTheNextUseTriesAgain()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 1);
        volume.Fill();
        using DurableOutbox outbox = new(volume.Path, _some.Options, _some.Clock, () => true, () => VolumeSpace.Of(volume.Path)!.Value.Free, NullLogger<DurableOutbox>.Instance);
        Assert.Throws<OutboxException>(outbox.Open);
        Assert.Throws<OutboxException>(() => outbox.AppendEvent("first", "x"));
        Assert.Throws<OutboxException>(() => outbox.Peek());

        volume.Free();
        _some.Options.MinFreeBytes = 0;
        outbox.AppendEvent("first", "x");

        Assert.Equal(1, outbox.Peek()!.Seq);
        Assert.Equal(1, outbox.Depth.Messages);
    }

    long Size => new FileInfo(_some.File(DurableOutbox.FileName)).Length;
}
