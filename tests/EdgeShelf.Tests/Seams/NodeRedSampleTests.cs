using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>The flow in scripts/samples/node-red: its topics, its functions on documents of a device, and all of it where Node-RED is installed.</summary>
public sealed partial class NodeRedSampleTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    static readonly string Flows = Path.Combine(Checkout.Root, "scripts", "samples", "node-red", "flows.json");

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();
    readonly Mosquitto _broker = Mosquitto.Start();

    public void Dispose()
    {
        _programs.Dispose();
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheFlowListensToTopicsThatADeviceHas()
    {
        using JsonDocument contract = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schemas", "asyncapi.json")));
        string[] ours = [.. contract.RootElement.GetProperty("channels").EnumerateObject().Select(channel => channel.Value.GetProperty("address").GetString()!)];
        string[] topics = [.. Nodes().Where(node => (string?)node!["type"] == "mqtt in").Select(node => (string)node!["topic"]!)];

        Assert.Equal(4, topics.Length);
        Assert.All(topics, topic => Assert.Contains(topic.Replace("capture", "+", StringComparison.Ordinal), ours.Select(address => Parameter().Replace(address, "+"))));
    }

    [Fact]
    public async Task AChangeIsToldOnceAndByWhetherSomethingIsWrong()
    {
        BayState bay = SomeBay.Of(4, ("1-02", Verdict.Empty), ("1-03", Verdict.Unknown), ("1-04", Verdict.Mismatch)).With("1-04", slot => slot with { Seen = "sandwich-bags" });
        await using Publisher publisher = new Publisher(_broker).Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);
        publisher.Bay.Set(bay, []);
        CommittedResult result = publisher.Capture();
        publisher.Events.Report(bay.ChangeOf("1-02", Verdict.Match), result);
        publisher.Events.Report(bay.ChangeOf("1-03", Verdict.Match) with { Expected = null }, result);
        publisher.Events.Report(bay.ChangeOf("1-04", Verdict.Match), result);
        publisher.Events.Report(bay.ChangeOf("1-01", Verdict.Empty), result);
        publisher.Outbox.AppendEvent(EventTypes.CameraBack, "The camera is back.");
        await reader.UntilAsync(seen => seen.On("/event").Count() == 5, "all events");
        SeenMessage[] events = [.. reader.On("/event")];

        JsonNode?[] answers = Run([.. events.Append(events[0]).Select(message => Step("edgeshelf-changes", message)), Step("edgeshelf-changes", events[0] with { Payload = "\"\"" })]);

        Assert.Equal("shelf-07 1-02: Tall kitchen bags is missing", (string?)answers[0]![0]!["payload"]);
        Assert.Equal("shelf-07 1-03: something unknown in place of nothing", (string?)answers[1]![0]!["payload"]);
        Assert.Equal("shelf-07 1-04: sandwich-bags in place of Tall kitchen bags", (string?)answers[2]![0]!["payload"]);
        Assert.Equal((null, "shelf-07 1-01: Tall kitchen bags is back"), (answers[3]![0], (string?)answers[3]![1]!["payload"]));
        Assert.Equal([null, null, null], answers[4..]);
    }

    [Fact]
    public async Task ThePageShowsWhatIsMissingAndWhoIsAway()
    {
        BayState bay = SomeBay.Of(4, ("1-02", Verdict.Empty), ("1-03", Verdict.Mismatch)) with { View = BayView.CameraMoved };
        await using Publisher publisher = new(_broker);
        publisher.Bay.Set(bay, []);
        publisher.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);
        await reader.UntilAsync(seen => seen.On("/shelf").Any() && seen.On("/availability").Any(), "the shelf");
        SeenMessage shelf = reader.On("/shelf").First();

        JsonNode?[] answers = Run(
        [
            Step("edgeshelf-page", null), Step("edgeshelf-keep", shelf), Step("edgeshelf-page", null), Step("edgeshelf-keep", shelf with { Topic = "edgeshelf/shelf-07/availability", Payload = "\"online\"" }),
            Step("edgeshelf-page", null), Step("edgeshelf-keep", shelf with { Payload = "\"\"" }), Step("edgeshelf-page", null),
        ]);

        Assert.Contains("No shelf has reported yet.", Page(0), StringComparison.Ordinal);
        Assert.Contains("shelf-07 is away", Page(2), StringComparison.Ordinal);
        Assert.DoesNotContain("is away", Page(4), StringComparison.Ordinal);
        Assert.Contains("2 of 4 places have their product.", Page(4), StringComparison.Ordinal);
        Assert.Contains("The camera sees the shelf no longer (camera-moved) since 2026-11-25 08:00.", Page(4), StringComparison.Ordinal);
        Assert.Contains("<td>1-02</td><td>Tall kitchen bags</td><td>empty</td><td>2026-11-25 08:00</td>", Page(4), StringComparison.Ordinal);
        Assert.Contains("<td>1-03</td><td>Tall kitchen bags</td><td>mismatch</td>", Page(4), StringComparison.Ordinal);
        Assert.DoesNotContain("1-01", Page(4), StringComparison.Ordinal);
        Assert.Contains("It has no slots.", Page(6), StringComparison.Ordinal);

        string Page(int step) => (string)answers[step]!["payload"]!;
    }

    [Fact]
    public void ARequestGoesToADeviceOnlyAndItsAnswerIsPutIntoWords()
    {
        using OutboxInFolder outbox = new();
        CommittedResult result = outbox.Outbox.AppendResult(SomeResult.Of(), Trigger.Request, SomeBay.Since);
        SeenMessage answer = new("edgeshelf/shelf-07/response/capture", false, 1, JsonSerializer.Serialize(ResponseDocument.Ok(PublishJson.Node(ResultDocument.Of(result), PublishJson.Wire.ResultDocument)), ResultDocument.Json));
        SeenMessage refusal = answer with { Payload = JsonSerializer.Serialize(ResponseDocument.Failed("busy", "3 captures wait already."), ResultDocument.Json) };
        Schemas.AssertValid("response", answer.Payload);

        JsonNode?[] answers = Run(
        [
            Asked("shelf-07"), Asked("+"), new JsonObject { ["function"] = "edgeshelf-ask", ["msg"] = new JsonObject { ["_msgid"] = "7", ["payload"] = "shelf-07" } },
            Step("edgeshelf-answer", answer), Step("edgeshelf-answer", refusal),
        ]);

        Assert.Equal("edgeshelf/shelf-07/request/capture", (string?)answers[0]![0]!["topic"]);
        Assert.Equal("7", (string?)answers[0]![0]!["payload"]!["transaction"]);
        Assert.Equal(303, (int)answers[0]![1]!["statusCode"]!);
        Assert.Equal((null, 404), (answers[1]![0], (int)answers[1]![1]!["statusCode"]!));
        Assert.Equal("edgeshelf/shelf-07/request/capture", (string?)answers[2]![0]!["topic"]);
        Assert.Equal("shelf-07: picture shelf-07-1 of 2026-11-25T08:00:00.000Z, 0 of 1 places wait for a person", (string?)answers[3]!["payload"]);
        Assert.Equal("shelf-07: no picture: 3 captures wait already.", (string?)answers[4]!["payload"]);

        static JsonObject Asked(string device) => new()
        {
            ["function"] = "edgeshelf-ask",
            ["msg"] = new JsonObject { ["_msgid"] = "7", ["payload"] = new JsonObject(), ["req"] = new JsonObject { ["params"] = new JsonObject { ["device"] = device } } },
        };
    }

    [Fact]
    public async Task InNodeRedItselfTheFlowTellsShowsAndAsks()
    {
        string? program = Environment.GetEnvironmentVariable("EDGESHELF_NODE_RED") ?? ProgramsOnPath.Find("node-red");
        Assert.SkipUnless(program is not null, "node-red is not installed, and EDGESHELF_NODE_RED does not name it.");
        int port = FreePort.Next();
        string flows = (await File.ReadAllTextAsync(Flows, Cancellation)).Replace("\"1883\"", $"\"{_broker.Port}\"", StringComparison.Ordinal);
        _programs.Start("", program!, "--userDir", _folder.Path, "--port", $"{port}", _folder.Write("flows.json", flows));
        await Wait.UntilAsync(() => _programs.Text.Contains("Connected to broker", StringComparison.Ordinal), Within, "Node-RED");
        BayState bay = SomeBay.Of(2, ("1-02", Verdict.Empty));
        await using Publisher publisher = new(_broker);
        publisher.Bay.Set(bay, []);
        publisher.Start();
        using HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = Within };
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);

        publisher.Events.Report(bay.ChangeOf("1-02", Verdict.Match), publisher.Capture());
        await Wait.UntilAsync(() => _programs.Text.Contains("shelf-07 1-02: Tall kitchen bags is missing", StringComparison.Ordinal), Within, $"the change; {_programs.Text}");
        string page = "";
        await Wait.UntilAsync(() => (page = browser.GetStringAsync(new Uri("shelves", UriKind.Relative), Cancellation).GetAwaiter().GetResult()).Contains("1 of 2", StringComparison.Ordinal), Within, $"the page; {page}");
        using HttpResponseMessage asked = await browser.PostAsync(new Uri("shelves/shelf-07/capture", UriKind.Relative), null, Cancellation);

        Assert.Equal((HttpStatusCode.SeeOther, "../../shelves"), (asked.StatusCode, asked.Headers.Location?.OriginalString));
        await reader.UntilAsync(seen => seen.On("/request/capture").Any(), "the request");
        // The device of this test has no camera, so somebody else answers.
        CommittedResult result = publisher.Capture();
        MosquittoPub.Publish(_broker, "edgeshelf/shelf-07/response/capture", JsonSerializer.Serialize(ResponseDocument.Ok(PublishJson.Node(ResultDocument.Of(result), PublishJson.Wire.ResultDocument)), ResultDocument.Json));
        await Wait.UntilAsync(() => _programs.Text.Contains($"shelf-07: picture {result.Id} of", StringComparison.Ordinal), Within, $"the answer; {_programs.Text}");
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static JsonArray Nodes() => JsonNode.Parse(File.ReadAllText(Flows))!.AsArray();

    static JsonObject Step(string function, SeenMessage? message) => new()
    {
        ["function"] = function,
        ["msg"] = new JsonObject { ["topic"] = message?.Topic, ["payload"] = message is null ? null : JsonNode.Parse(message.Payload) },
    };

    static JsonNode?[] Run(JsonObject[] steps)
    {
        Assert.SkipUnless(ProgramsOnPath.Find("node") is not null, "node is not installed.");
        (int exitCode, string output, string errors) = BackgroundPrograms.Run(
            new JsonArray([.. steps]).ToJsonString(), "node", Path.Combine(Checkout.Root, "tests", "EdgeShelf.Tests", "Seams", "NodeRed", "flow.mjs"), Flows);
        Assert.True(exitCode == 0, errors);
        return [.. JsonNode.Parse(output)!.AsArray()];
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
