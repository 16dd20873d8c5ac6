using EdgeShelf.Tests.Support;
using EdgeShelf.Tests.Web;

namespace EdgeShelf.Tests.Seams;

/// <summary>
/// A person who never saw EdgeShelf, with a phone in front of a fresh device: the real program, a real broker, a subscriber that is not our code, and a
/// real film. `Web/Browser/newcomer.mjs` has each step; screenshots and `steps.json` are left in `artifacts/page/newcomer`.
/// </summary>
public sealed class NewcomerTests(ITestOutputHelper output)
{
    static readonly TimeSpan FilmAndClicks = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task APhoneDrawsThreePlacesTeachesBottleAndEmptyAndTheChangesOfTheFilmArrive()
    {
        string film = Shelves.Folder("bottles");
        using TemporaryFolder state = new();
        using TemporaryFolder camera = new();
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub backend = await MosquittoSub.StartAsync(broker);
        int port = FreePort.Next();
        using EdgeShelfProcess service = EdgeShelfProcess.Start(
            state.Path, "run", "--set", $"Capture:Folder:Path={camera.Path}", "--set", "Capture:Interval=00:00:00.5", "--set", "Publish:Device=shelf-07",
            "--set", $"Publish:Broker={broker.Uri}", "--set", $"Web:Port={port}", "--set", "Log:ToFile=false");
        await backend.UntilAsync(seen => seen.On("/availability").LastOrDefault()?.Payload == "online", "online", seconds: 90);

        await BrowserChecks.RunAsync(new Uri($"http://127.0.0.1:{port}/"), "newcomer.mjs", "bottles", FilmAndClicks, film, camera.Path);

        (string Slot, string To)[] wanted = [("1-01", "empty"), ("1-01", "match"), ("1-01", "empty"), ("1-02", "empty")];
        await backend.UntilAsync(seen => ChangesOf(seen).Count(change => change.To is "empty" or "match") >= wanted.Length, "the changes of the film");
        (string Slot, string To)[] changes = [.. ChangesOf(backend).Where(change => change.To is "empty" or "match")];
        output.WriteLine(string.Join(", ", ChangesOf(backend).Select(change => $"{change.Slot} {change.To}")));
        output.WriteLine(await File.ReadAllTextAsync(Path.Combine(BrowserChecks.Artifacts, "newcomer", "steps.json"), TestContext.Current.CancellationToken));
        Assert.Equal(wanted.Order(), changes.Order());
        Assert.Equal(["empty", "match", "empty"], changes.Where(change => change.Slot == "1-01").Select(change => change.To));
        Assert.All(backend.On("/event"), message => Schemas.AssertValid("event", message.Payload));
    }

    static IEnumerable<(string Slot, string To)> ChangesOf(MosquittoSub backend) =>
        backend.On("/event").Select(message => message.Json).Where(json => json.GetProperty("type").GetString() == "slot-changed")
            .Select(json => json.GetProperty("data")).Select(data => (data.GetProperty("slot").GetString()!, data.GetProperty("to").GetString()!));
}
