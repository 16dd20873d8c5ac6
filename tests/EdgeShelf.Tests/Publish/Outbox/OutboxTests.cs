using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Data.Sqlite;

namespace EdgeShelf.Tests.Publish.Outbox;

public sealed class OutboxTests : IDisposable
{
    readonly OutboxInFolder _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void MessagesLeaveInTheOrderTheyCame()
    {
        for (int i = 0; i < 5; i++)
            _some.AppendResult();
        _some.Outbox.AppendEvent(EventTypes.CaptureFailed, "The camera hangs.");

        Assert.Equal([1, 2, 3, 4, 5, 6], _some.Drain().Select(message => message.Seq));
    }

    [Fact]
    public void AfterARestartWhatWaitedIsStillThereByteForByte()
    {
        _some.AppendResult();
        byte[] before = _some.Outbox.Peek()!.Payload;

        _some.Reopen();

        Assert.Equal(before, _some.Outbox.Peek()!.Payload);
    }

    [Fact]
    public void AMessageStaysUntilItIsDelivered()
    {
        CommittedResult document = _some.AppendResult();

        Assert.Equal(document.Seq, _some.Outbox.Peek()!.Seq);
        Assert.Equal(document.Seq, _some.Outbox.Peek()!.Seq);
        _some.Outbox.Delivered(document.Seq);
        Assert.Null(_some.Outbox.Peek());
    }

    [Fact]
    public void WhatWaitedLongOrComesFromAnEarlierRunIsToldApart()
    {
        _some.AppendResult();
        Assert.False(_some.Outbox.Peek()!.WaitedLong);

        _some.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_some.Outbox.Peek()!.WaitedLong);

        _some.Drain();
        _some.AppendResult();
        Assert.False(_some.Outbox.Peek()!.WaitedLong);
        _some.Reopen();
        Assert.True(_some.Outbox.Peek()!.WaitedLong);
    }

    [Fact]
    public void NumbersGoOnAfterARestart()
    {
        _some.AppendResult();
        _some.Drain();
        _some.Reopen();

        Assert.Equal(2, _some.AppendResult().Seq);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("page")]
    [InlineData("interrupted")]
    public void ALostOrDamagedDatabaseNeverLeadsToANumberUsedTwice(string damage)
    {
        for (int i = 0; i < 200; i++)
            _some.AppendResult();
        _some.Outbox.Dispose();
        string database = _some.File(DurableOutbox.FileName);
        switch (damage)
        {
            case "missing": File.Delete(database); break;
            case "empty": File.WriteAllBytes(database, []); break;
            case "text": File.WriteAllText(database, "this is no database at all, but a text that is long enough to have a header"); break;
            case "page":
                byte[] content = File.ReadAllBytes(database);
                content.AsSpan(2 * 4096, 4096).Fill(0xA5);
                File.WriteAllBytes(database, content);
                break;
            case "interrupted":
                // The power went after the fresh file was there, and before the first number was set in it.
                File.Delete(database);
                OutboxDatabase.Open(database).Dispose();
                break;
        }

        DurableOutbox outbox = _some.Reopen();

        long next = _some.AppendResult().Seq;
        Assert.True(next > 200, $"{next} was used before");
        OutboxMessage told = outbox.Peek()!;
        using JsonDocument document = JsonDocument.Parse(told.Payload);
        Assert.Equal(EventTypes.OutboxRestarted, document.RootElement.GetProperty("type").GetString());
        Assert.Equal(damage is "text" or "page", Directory.GetFiles(_some.Folder, "outbox-damaged-*.db").Length == 1);
    }

    [Fact]
    public void DamageFoundWhileRunningStartsAFreshFileAndTheMessageIsKept()
    {
        for (int i = 0; i < 200; i++)
            _some.AppendResult();
        using (SqliteConnection other = new($"Data Source={_some.File(DurableOutbox.FileName)};Pooling=false"))
        {
            other.Open();
            other.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        using (FileStream file = new(_some.File(DurableOutbox.FileName), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
        }
        // The page cache of this process does not know yet; another connection's write makes it read again.
        using (SqliteConnection other = new($"Data Source={_some.File(DurableOutbox.FileName)};Pooling=false"))
        {
            other.Open();
            other.Execute("PRAGMA user_version = 7");
        }

        long seq = _some.AppendResult().Seq;

        Assert.True(seq > 200);
        Assert.Equal([EventTypes.OutboxRestarted, null], _some.Drain().Select(TypeOf));
    }

    [Fact]
    public void BeyondTheCapTheOldestGoAndOneEventTellsOfTheRun()
    {
        _some.Options.MaxMessages = 5;
        for (int i = 0; i < 12; i++)
            _some.AppendResult();

        Assert.Equal(5, _some.Outbox.Depth.Messages);
        Assert.Equal(7, _some.Outbox.Depth.Dropped);
        List<OutboxMessage> sent = _some.Drain();
        Assert.Equal([8, 9, 10, 11, 12, 13], sent.Select(message => message.Seq));
        JsonElement told = JsonDocument.Parse(sent[^1].Payload).RootElement;
        Assert.Equal(EventTypes.MessagesDropped, told.GetProperty("type").GetString());
        Assert.Equal((7, 1, 7), (told.GetProperty("data").GetProperty("count").GetInt64(), told.GetProperty("data").GetProperty("first_seq").GetInt64(), told.GetProperty("data").GetProperty("last_seq").GetInt64()));
    }

    [Fact]
    public void BytesAreCapped()
    {
        _some.AppendResult();
        long one = _some.Outbox.Depth.Bytes;
        _some.Options.MaxBytes = one * 10;
        for (int i = 0; i < 50; i++)
            _some.AppendResult();

        Assert.InRange(_some.Outbox.Depth.Bytes, one * 8, one * 10);
    }

    [Fact]
    public void WithLittleFreeSpaceEachNewMessageDisplacesAnOldOneAndTheFileDoesNotGrow()
    {
        for (int i = 0; i < 100; i++)
            _some.AppendResult();
        _some.FreeBytes = 0;
        for (int i = 0; i < 20; i++)
            _some.AppendResult();
        _some.Reopen();
        long size = new FileInfo(_some.File(DurableOutbox.FileName)).Length;
        for (int i = 0; i < 200; i++)
            _some.AppendResult();

        Assert.InRange(_some.Outbox.Depth.Messages, 70, 101);
        _some.Reopen();
        Assert.InRange(new FileInfo(_some.File(DurableOutbox.FileName)).Length, 0, size + 4096);
    }

    [Fact]
    public void AgeIsJudgedOnlyWhileTheClockIsKnownToBeRight()
    {
        _some.AppendResult();
        _some.Clock.Advance(TimeSpan.FromDays(3650));
        _some.ClockSynced = false;
        _some.AppendResult();
        Assert.Equal(2, _some.Outbox.Depth.Messages);

        _some.ClockSynced = true;
        _some.AppendResult();
        Assert.Equal(2, _some.Outbox.Depth.Messages);
    }

    [Fact]
    public void ARefusedMessageIsKeptApartAndTheNextDeliveryTells()
    {
        _some.AppendResult();
        _some.AppendResult();
        _some.Outbox.SetAside(1, "not authorized");

        Assert.Equal(1, _some.Outbox.Depth.Refused);
        List<OutboxMessage> sent = _some.Drain();
        Assert.Equal([2, 3], sent.Select(message => message.Seq));
        Assert.Equal(EventTypes.MessagesRefused, TypeOf(sent[1]));
    }

    [Fact]
    public void ARefusedTellingOfARefusalIsNotToldAgain()
    {
        _some.AppendResult();
        _some.AppendResult();
        _some.Outbox.SetAside(1, "not authorized");
        _some.Outbox.Delivered(2);
        _some.Outbox.SetAside(3, "not authorized");
        _some.AppendResult();

        Assert.Equal([4], _some.Drain().Select(message => message.Seq));
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsToldWithItsPath()
    {
        using TemporaryFolder folder = new();
        string notAFolder = folder.File("state");
        File.WriteAllText(notAFolder, "");
        using DurableOutbox outbox = new(notAFolder, _some.Options, _some.Clock, () => true, () => long.MaxValue, Microsoft.Extensions.Logging.Abstractions.NullLogger<DurableOutbox>.Instance);

        OutboxException error = Assert.Throws<OutboxException>(outbox.Open);

        Assert.Contains(notAFolder, error.Message, StringComparison.Ordinal);
    }

    static string? TypeOf(OutboxMessage message)
    {
        using JsonDocument document = JsonDocument.Parse(message.Payload);
        return document.RootElement.TryGetProperty("type", out JsonElement type) ? type.GetString() : null;
    }

    [Fact]
    public void TheFilesOfTheNewestResultsAreKnownAfterARestartByFolder()
    {
        PictureFile FileOf(string folder, int number) => new(folder, $"{number}.jpg", number, DateTime.UnixEpoch.AddTicks(number));
        void Append(PictureFile? file) => _some.Outbox.AppendResult(SomeResult.Of(), Trigger.Folder, _some.Clock.GetUtcNow(), file);
        Append(null);
        Append(FileOf("/elsewhere", 0));
        for (int i = 1; i <= 1003; i++)
            Append(FileOf("/inbox", i));

        IReadOnlyList<PictureFile> known = _some.Reopen().FilesOf("/inbox");

        Assert.Equal(Enumerable.Range(4, 1000).Select(i => FileOf("/inbox", i)), known);
        Assert.Empty(_some.Outbox.FilesOf("/elsewhere"));
        Assert.Empty(_some.Outbox.FilesOf("/INBOX"));
    }
}
