using System.Text.Json;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class OutboxCommandTests : IDisposable
{
    readonly OutboxInFolder _some = new();

    public void Dispose() => _some.Dispose();

    [Fact]
    public void ListShowsWhatWaitsAndWhatWasRefusedWhileTheServiceHasItOpen()
    {
        _some.AppendResult();
        _some.AppendResult();
        _some.Outbox.SetAside(1, "NotAuthorized (0x87)");

        (int exitCode, string output, _) = EdgeShelfProcess.Run("outbox", "list", "--folder", _some.Folder);
        Assert.Equal(0, exitCode);
        Assert.Contains("1 wait", output, StringComparison.Ordinal);
        Assert.Contains("1 refused", output, StringComparison.Ordinal);

        (_, string refused, _) = EdgeShelfProcess.Run("outbox", "list", "--refused", "--json", "--folder", _some.Folder);
        JsonElement row = JsonDocument.Parse(refused).RootElement;
        Assert.Equal((1, "NotAuthorized (0x87)"), (row.GetProperty("seq").GetInt64(), row.GetProperty("reason").GetString()));
    }

    [Fact]
    public void ShowPrintsTheDocumentAsItWouldBeSent()
    {
        _some.AppendResult();

        (int exitCode, string output, _) = EdgeShelfProcess.Run("outbox", "show", "1", "--folder", _some.Folder);

        Assert.Equal(0, exitCode);
        Schemas.AssertValid("result", output);
    }

    [Fact]
    public void RetryPutsRefusedMessagesBackWhereTheyBelong()
    {
        for (int i = 0; i < 3; i++)
            _some.AppendResult();
        _some.Outbox.SetAside(1, "NotAuthorized (0x87)");
        _some.Outbox.SetAside(2, "NotAuthorized (0x87)");

        (int exitCode, string output, _) = EdgeShelfProcess.Run("outbox", "retry", "--folder", _some.Folder);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("2 back in the queue", output, StringComparison.Ordinal);
        Assert.True(_some.Outbox.Peek()!.WaitedLong);
        Assert.Equal([1, 2, 3, 4], _some.Drain().Select(message => message.Seq));
    }

    [Fact]
    public void PurgeAsksForAYesAndTellsTheBackendOfWhatWaited()
    {
        _some.AppendResult();
        _some.AppendResult();

        Assert.Equal(2, EdgeShelfProcess.Run("outbox", "purge", "--waiting", "--folder", _some.Folder).ExitCode);
        Assert.Equal(2, _some.Outbox.Depth.Messages);
        Assert.Equal(0, EdgeShelfProcess.Run("outbox", "purge", "--waiting", "--yes", "--folder", _some.Folder).ExitCode);

        Assert.Equal(0, _some.Outbox.Depth.Messages);
        _some.AppendResult();
        Assert.Equal([OutboxTopics.Result, OutboxTopics.Event], _some.Drain().Select(message => message.Topic));
    }

    [Fact]
    public void WithoutAnOutboxItSaysWhereItLooked()
    {
        using TemporaryFolder empty = new();

        (int exitCode, _, string errors) = EdgeShelfProcess.Run("outbox", "list", "--folder", empty.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains(empty.Path, errors, StringComparison.Ordinal);
    }
}
