using System.Text.Json;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The real program reads a folder and is killed: each file has one id.</summary>
public sealed class FolderOverAKillTests : IDisposable
{
    readonly TemporaryFolder _state = new();
    readonly TemporaryFolder _pictures = new();

    public FolderOverAKillTests() => TinyModel.WriteTo(_state.File("models"));

    public void Dispose()
    {
        _pictures.Dispose();
        _state.Dispose();
    }

    /// <summary>The state of a kill between the commit of the result and the line in the journal.</summary>
    [Fact]
    public async Task AResultWithoutItsLineInTheJournalIsNotMadeASecondTime()
    {
        string journal = _state.File("watched-folder.log");
        using (EdgeShelfProcess first = Start("--set", "Capture:Folder:Watch=true"))
        {
            await Wait.UntilAsync(() => File.Exists(journal), $"watching; {first.Output} {first.Errors}");
            Show("a.jpg");
            await Wait.UntilAsync(() => File.ReadAllText(journal).Contains("a.jpg", StringComparison.Ordinal), $"a.jpg is taken; {first.Output} {first.Errors}");
            first.KillNine();
        }
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..^1]);

        using EdgeShelfProcess second = Start("--set", "Capture:Folder:Watch=true");
        Show("b.jpg");
        await Wait.UntilAsync(() => Results().Count >= 2, $"a second result; {second.Output} {second.Errors}");

        Assert.Equal(["a.jpg", "b.jpg"], Results());
    }

    [Fact]
    public async Task AReplayThatEndsGivesEachPictureOnceThoughItIsKilled()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"{i:00}.jpg")];
        foreach (string name in names)
            Show(name);
        string[] settings = ["--set", "Capture:Folder:Loop=false", "--set", "Capture:Interval=300ms"];
        foreach (int results in (int[])[3, 7])
        {
            using EdgeShelfProcess killed = Start(settings);
            await Wait.UntilAsync(() => Results().Count >= results, $"{results} results; {killed.Output} {killed.Errors}");
            killed.KillNine();
        }

        using EdgeShelfProcess last = Start(settings);
        await Wait.UntilAsync(() => last.Output.Contains("were replayed", StringComparison.Ordinal), $"the end; {last.Output} {last.Errors}");

        Assert.Equal(names, Results());
        Assert.Contains("are replayed from the one after", last.Output, StringComparison.Ordinal);
    }

    void Show(string name)
    {
        // Complete under its name from the begin, as an uploader that renames has it.
        File.WriteAllBytes(_state.File(name), PicturesOf.Scene());
        File.Move(_state.File(name), _pictures.File(name));
    }

    /// <summary>The names of the pictures that have results, in order. There is no broker, so all of them wait.</summary>
    List<string> Results()
    {
        if (!File.Exists(_state.File(DurableOutbox.FileName)))
            return [];
        try
        {
            using OutboxInspector outbox = OutboxInspector.Open(_state.Path);
            return [.. outbox.Waiting(100).Where(entry => entry.Topic == OutboxTopics.Result)
            .Select(entry => JsonDocument.Parse(entry.Payload).RootElement.GetProperty("image").GetProperty("name").GetString()!)];
        }
        catch (OutboxException)
        {
            // The service is making its tables.
            return [];
        }
    }

    EdgeShelfProcess Start(params string[] more) => EdgeShelfProcess.Start(
        _state.Path, ["run", "--set", $"Capture:Folder:Path={_pictures.Path}", "--set", "Models:Name=tiny", "--set", "Publish:Broker=mqtt://127.0.0.1:1",
        "--set", "Web:Enabled=false", "--set", "Log:ToFile=false", .. more]);
}
