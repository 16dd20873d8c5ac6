using System.Diagnostics;
using System.Text.Json;
using EdgeShelf.Doctor;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Documents;

/// <summary>Held to what Home Assistant documents of device discovery; Home Assistant itself is not here to be asked.</summary>
public sealed class HomeAssistantDiscoveryTests
{
    const string Topic = "homeassistant/device/edgeshelf-shelf-07/config";

    [Fact]
    public async Task TheDeviceAnnouncesItselfRetainedAndAgainWhenHomeAssistantStarts()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new Publisher(broker).Start();
        await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");

        MosquittoPub.Publish(broker, "homeassistant/status", "online");

        await reader.UntilAsync(seen => seen.On(Topic).Count() == 2, "announced again");
        JsonElement announcement = reader.On(Topic).Last().Json;
        Assert.NotEmpty(announcement.GetProperty("dev").GetProperty("ids").EnumerateArray());
        Assert.Equal("EdgeShelf", announcement.GetProperty("o").GetProperty("name").GetString());
        Assert.Equal("edgeshelf/shelf-07/state", announcement.GetProperty("state_topic").GetString());
        List<JsonProperty> entities = [.. announcement.GetProperty("cmps").EnumerateObject().Where(entity => entity.Name != "picture")];
        // Nothing but the platform takes an entity away that an earlier configuration had.
        Assert.Equal("""{"p":"image"}""", announcement.GetProperty("cmps").GetProperty("picture").GetRawText());
        Assert.Contains("product", entities.Select(entity => entity.Name));
        Assert.Equal(entities.Count, entities.Select(entity => entity.Value.GetProperty("unique_id").GetString()).Distinct().Count());
        Assert.All(entities, entity =>
        {
            string platform = entity.Value.GetProperty("p").GetString()!;
            Assert.Matches($"^{platform}\\.[a-z0-9_]+$", entity.Value.GetProperty("default_entity_id").GetString());
            // A button has no state that could grow old, and a number of Home Assistant cannot expire.
            Assert.Equal(platform is not ("button" or "number"), entity.Value.TryGetProperty("expire_after", out JsonElement expires) && expires.GetInt32() > 60);
        });
        using MosquittoSub late = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await late.UntilAsync(seen => seen.On(Topic).Any(message => message.Retained), "retained");
    }

    [Fact]
    public async Task WithPicturesOnThePictureIsAnEntityToo()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new Publisher(broker, options => options.Image = true).Start();

        await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");

        JsonElement picture = reader.On(Topic).Last().Json.GetProperty("cmps").GetProperty("picture");
        Assert.Equal("edgeshelf/shelf-07/image", picture.GetProperty("image_topic").GetString());
        Assert.Equal("image.edgeshelf_shelf_07_picture", picture.GetProperty("default_entity_id").GetString());
    }

    [Fact]
    public async Task TurnedOffTheAnnouncementIsTakenBack()
    {
        using Mosquitto broker = Mosquitto.Start();
        using TemporaryFolder folder = new();
        await using (Publisher on = new Publisher(broker, folder: folder.Path).Start())
        {
            using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
            await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");
        }
        using MosquittoSub watcher = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher off = new Publisher(broker, options => options.HomeAssistant = false, folder.Path).Start();

        await watcher.UntilAsync(seen => seen.On(Topic).LastOrDefault()?.Payload == "", "taken back");
    }

    /// <summary>A broker may hang up on a topic that it does not allow, also when the message is empty.</summary>
    [Fact]
    public async Task ADeviceThatNeverAnnouncedItselfSendsHomeAssistantNothing()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub watcher = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher off = new Publisher(broker, options => options.HomeAssistant = false).Start();
        await off.ConnectedAsync();

        // What comes later on the same connection has arrived, so whatever came before has too.
        MosquittoPub.Publish(broker, "homeassistant/probe", "later");
        await watcher.UntilAsync(seen => seen.On("homeassistant/probe").Any(), "the probe");

        Assert.Empty(watcher.On(Topic));
    }

    [Fact]
    public async Task EachSlotHasASensorAndAProblemThatReadTheShelfAndTheWholePicturesLabelIsGone()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new(broker);
        publisher.Bay.Set(SomeBay.Of(2), []);
        publisher.Start();

        await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");

        JsonElement announcement = reader.On(Topic).Last().Json;
        Dictionary<string, JsonElement> entities = Entities(announcement);
        Assert.Superset(
            new HashSet<string> { "slot_1-01", "problem_1-01", "slot_1-02", "problem_1-02", "shelf_availability", "camera_moved", "needs_review" }, entities.Keys.ToHashSet());
        Assert.DoesNotContain("product", entities.Keys);
        JsonElement sensor = entities["slot_1-01"], problem = entities["problem_1-01"];
        Assert.Equal(("sensor", "edgeshelf/shelf-07/shelf", "edgeshelf/shelf-07/shelf"), (Text(sensor, "p"), Text(sensor, "state_topic"), Text(sensor, "json_attributes_topic")));
        Assert.Equal("sensor.edgeshelf_shelf_07_slot_1_01", Text(sensor, "default_entity_id"));
        Assert.Equal(["match", "mismatch", "empty", "unknown-product", "unchecked"], sensor.GetProperty("options").EnumerateArray().Select(option => option.GetString()));
        Assert.Equal(("binary_sensor", "problem"), (Text(problem, "p"), Text(problem, "device_class")));
        Assert.Equal(entities.Count, entities.Values.Select(entity => Text(entity, "unique_id")).Distinct().Count());
        // The shelf is published at changes only, so a value does not grow old.
        Assert.All(entities.Values.Where(entity => entity.TryGetProperty("state_topic", out _)), entity => Assert.False(entity.TryGetProperty("expire_after", out _)));
    }

    [Fact]
    public async Task EntitiesOfSlotsThatGoAreTakenBackOnceAlsoAfterARestartAndThenLeftOut()
    {
        using Mosquitto broker = Mosquitto.Start();
        using TemporaryFolder folder = new();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using (Publisher before = new(broker, folder: folder.Path))
        {
            before.Bay.Set(SomeBay.Of(3), []);
            before.Start();
            await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");
            // While the device is connected.
            before.Bay.Set(SomeBay.Of(2), []);
            await reader.UntilAsync(seen => seen.On(Topic).Count() == 3, "taken back and left out");
        }
        Assert.Equal(["""{"p":"sensor"}""", """{"p":"binary_sensor"}"""], TakenBack(reader.On(Topic).ElementAt(1)).Where(entity => entity.Key.EndsWith("1-03", StringComparison.Ordinal)).Select(entity => entity.Value));
        Assert.Empty(TakenBack(reader.On(Topic).ElementAt(2)));
        Assert.DoesNotContain("slot_1-03", Entities(reader.On(Topic).ElementAt(2).Json).Keys);

        await using Publisher after = new(broker, folder: folder.Path);
        after.Bay.Set(SomeBay.None, []);
        after.Start();
        await reader.UntilAsync(seen => seen.On(Topic).Count() == 5, "taken back and left out after the restart");

        Assert.Equal(
            ["camera_moved", "problem_1-01", "problem_1-02", "shelf_availability", "slot_1-01", "slot_1-02"],
            TakenBack(reader.On(Topic).ElementAt(3)).Select(entity => entity.Key).Order(StringComparer.Ordinal));
        Assert.Contains("product", Entities(reader.On(Topic).Last().Json).Keys);
        Assert.Empty(TakenBack(reader.On(Topic).Last()));
    }

    [Fact]
    public async Task BeforeTheSlotsAreKnownTheirEntitiesStay()
    {
        using Mosquitto broker = Mosquitto.Start();
        using TemporaryFolder folder = new();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using (Publisher before = new(broker, folder: folder.Path))
        {
            before.Bay.Set(SomeBay.Of(1), []);
            before.Start();
            await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");
        }
        await using Publisher after = new Publisher(broker, folder: folder.Path).Start();
        await after.ConnectedAsync();
        Assert.Single(reader.On(Topic));

        after.Bay.Set(SomeBay.Of(1), []);

        await reader.UntilAsync(seen => seen.On(Topic).Count() == 2, "announced when the slots are known");
        Assert.Contains("slot_1-01", Entities(reader.On(Topic).Last().Json).Keys);
    }

    /// <summary>The doctor does not know the slots; Home Assistant would remove what it left out.</summary>
    [Fact]
    public async Task TheDoctorSendsTheAnnouncementOfTheServiceAgain()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new(broker);
        publisher.Bay.Set(SomeBay.Of(2), []);
        publisher.Start();
        await publisher.ConnectedAsync();
        await Wait.UntilAsync(() => File.Exists(Path.Combine(publisher.Folder, "home-assistant-announced")));

        Finding finding = await new BrokerCheck(publisher.Options, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Severity.Fine, finding.Severity);
        await reader.UntilAsync(seen => seen.On(Topic).Count() == 2, "sent by the doctor");
        Assert.Single(reader.On(Topic).Select(message => message.Payload).Distinct());
    }

    /// <summary>As Home Assistant renders them, with Jinja; Python is on no device, and need not be where the tests run.</summary>
    [Fact]
    public async Task TheTemplatesGiveTheVerdictTheProblemAndTheAttributesOfTheirSlot()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("python3") is not null, "python3 is not installed.");
        BayState bay = SomeBay.Of(5, ("1-02", Verdict.Empty), ("1-03", Verdict.Unknown), ("1-04", Verdict.Unchecked))
            .With("1-05", slot => slot with { CoveredSince = SomeBay.Since });
        BayStatus status = new(TimeProvider.System);
        status.Set(bay, []);
        string shelf = JsonSerializer.Serialize(ShelfDocument.Of(status.Now, "shelf-07", SomeBay.Since.AddHours(1), clockSynced: true), ResultDocument.Json);
        JsonElement announcement = JsonDocument.Parse(new HomeAssistantDiscovery(new PublishOptions { Device = "shelf-07" }, status).Announce()).RootElement;
        Dictionary<string, JsonElement> entities = Entities(announcement);

        string[] keys = ["slot_1-01", "slot_1-03", "problem_1-01", "problem_1-02", "problem_1-03", "problem_1-04", "problem_1-05", "shelf_availability", "camera_moved"];
        string[] rendered = await RenderAsync(shelf, [.. keys.Select(key => Text(entities[key], "value_template")), Text(entities["slot_1-01"], "json_attributes_template"), Text(entities["slot_1-02"], "json_attributes_template")]);

        Assert.Equal("Tall kitchen bags", Text(JsonDocument.Parse(rendered[^2]).RootElement, "seen"));
        Assert.Equal(["match", "unknown-product", "OFF", "ON", "ON", "None", "None", "50.0", "OFF"], rendered[..^2]);
        JsonElement attributes = JsonDocument.Parse(rendered[^1]).RootElement;
        Assert.Equal("Tall kitchen bags", Text(attributes, "expected"));
        Assert.Equal("2026-11-25T08:00:00.000Z", Text(attributes, "since"));
        Assert.Equal(JsonValueKind.Null, attributes.GetProperty("seen").ValueKind);
        // The doctor's empty message changes nothing, and a slot that is gone has no value.
        Assert.All(await RenderAsync("", [.. keys.Select(key => Text(entities[key], "value_template"))]), text => Assert.Equal("", text));
        Assert.Equal(["None", "None", "{}"], await RenderAsync("""{"slots":[]}""", [Text(entities["slot_1-01"], "value_template"), Text(entities["problem_1-01"], "value_template"), Text(entities["slot_1-02"], "json_attributes_template")]));
    }

    /// <summary>`top` of the document always has the answer of the network, also where the picture is black.</summary>
    [Fact]
    public async Task APictureThatCannotBeUsedHasNoProduct()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("python3") is not null, "python3 is not installed.");
        Dictionary<string, JsonElement> entities = Entities(JsonDocument.Parse(new HomeAssistantDiscovery(new PublishOptions { Device = "shelf-07" }, new BayStatus(TimeProvider.System)).Announce()).RootElement);
        string[] templates = [Text(entities["product"], "value_template"), Text(entities["confidence"], "value_template")];
        static string StateWith(string reason) => $$$"""{"last_result":{"slots":[{"top":[{"label":"Granny-Smith","confidence":0.46}],"review_reason":{{{reason}}}}]}}""";

        Assert.Equal(["None", "None"], await RenderAsync(StateWith("\"unusable-image\""), templates));
        Assert.Equal(["Granny Smith", "46.0"], await RenderAsync(StateWith("\"low-confidence\""), templates));
        Assert.Equal(["Granny Smith", "46.0"], await RenderAsync(StateWith("null"), templates));
        Assert.Equal(["None", "None"], await RenderAsync("""{"last_result":null}""", templates));
    }

    [Fact]
    public void TheAnnouncementLinksToThePageAsSoonAsOthersReachIt()
    {
        using TemporaryFolder folder = new();
        Uri? page = null;
        HomeAssistantDiscovery discovery = new(new PublishOptions { Device = "shelf-07", Folder = folder.Path }, new BayStatus(TimeProvider.System), () => page);
        discovery.Connected();
        Assert.False(Device().TryGetProperty("configuration_url", out _));
        Assert.False(discovery.TryTake(out _));

        page = new Uri("http://shelf-07.local:8080/");

        Assert.Equal("http://shelf-07.local:8080/", Text(Device(), "configuration_url"));
        Assert.False(discovery.TryTake(out _));

        JsonElement Device()
        {
            Assert.True(discovery.TryTake(out byte[]? announcement));
            return JsonDocument.Parse(announcement).RootElement.GetProperty("dev");
        }
    }

    [Fact]
    public async Task TheIntervalIsANumberThatTheRequestChanges()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "#");
        await using Publisher publisher = new Publisher(broker).Start();
        await reader.UntilAsync(seen => seen.On(Topic).Any() && seen.On("/state").Any(), "announced");
        JsonElement number = Entities(reader.On(Topic).Last().Json)["interval"];
        Assert.Equal(("number", "s"), (Text(number, "p"), Text(number, "unit_of_measurement")));

        MosquittoPub.Publish(broker, Text(number, "command_topic"), "90");

        await reader.UntilAsync(seen => seen.On("/response/interval").Any(), "answered");
        Assert.Equal(TimeSpan.FromSeconds(90), publisher.Interval.Current);
        Assert.Equal(["90"], await RenderAsync(JsonSerializer.Serialize(publisher.State.Now(), ResultDocument.Json), [Text(number, "value_template")]));
    }

    static async Task<string[]> RenderAsync(string payload, string[] templates)
    {
        const string Script = """
            import json, sys
            try:
                import jinja2
            except ImportError:
                print(json.dumps(None)); sys.exit()
            payload, templates = json.load(sys.stdin)
            values = {"value_json": json.loads(payload)} if payload else {}
            print(json.dumps([jinja2.Environment(undefined=jinja2.Undefined).from_string(template).render(values) for template in templates]))
            """;
        using Process python = Process.Start(new ProcessStartInfo("python3", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(new object[] { payload, templates }));
        python.StandardInput.Close();
        string output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[]? rendered = JsonSerializer.Deserialize<string[]?>(output);
        Assert.SkipWhen(rendered is null, "Python's jinja2 is not installed.");
        return rendered;
    }

    static Dictionary<string, JsonElement> Entities(JsonElement announcement) => announcement.GetProperty("cmps").EnumerateObject()
        .Where(entity => entity.Value.EnumerateObject().Count() > 1).ToDictionary(entity => entity.Name, entity => entity.Value);

    /// <summary>The entities that have nothing but a platform; the picture is one of them as long as pictures are off.</summary>
    static Dictionary<string, string> TakenBack(SeenMessage announcement) => announcement.Json.GetProperty("cmps").EnumerateObject()
        .Where(entity => entity.Name != "picture" && entity.Value.EnumerateObject().Count() == 1).ToDictionary(entity => entity.Name, entity => entity.Value.GetRawText());

    static string Text(JsonElement entity, string name) => entity.GetProperty(name).GetString()!;
}
