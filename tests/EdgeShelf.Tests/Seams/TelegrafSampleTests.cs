using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.XPath;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Seams;

/// <summary>
/// scripts/samples/telegraf without Telegraf: the file is read by Python's TOML parser, and its XPath expressions are evaluated on documents of a
/// device. As in Telegraf, a property is an element of its name, and an item of an array is an element that only `*` selects.
/// </summary>
public sealed class TelegrafSampleTests : IDisposable
{
    static readonly string Sample = Path.Combine(Checkout.Root, "scripts", "samples", "telegraf");

    readonly Mosquitto _broker = Mosquitto.Start();
    readonly JsonElement _inputs = Read().GetProperty("inputs").GetProperty("mqtt_consumer");

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void EachInputHasASessionOfItsOwnThatTheBrokerKeeps()
    {
        Assert.Equal(3, _inputs.GetArrayLength());
        Assert.Equal(3, _inputs.EnumerateArray().Select(input => input.GetProperty("client_id").GetString()).Distinct().Count());
        Assert.All(_inputs.EnumerateArray(), input => Assert.Equal((true, 1, "xpath_json"), (input.GetProperty("persistent_session").GetBoolean(), input.GetProperty("qos").GetInt32(), input.GetProperty("data_format").GetString())));
    }

    [Fact]
    public async Task APictureIsOnePointAndEachPlaceInItAnother()
    {
        await using Publisher publisher = new Publisher(_broker).Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);
        publisher.Capture();
        await reader.UntilAsync(seen => seen.On("/result").Any(), "the result");
        string result = reader.On("/result").First().Payload;

        string[] points = PointsOf("result", result);

        Assert.Equal(2, points.Length);
        Assert.Matches(@"^picture,device=shelf-07,trigger=timer,model=grocery-81 \S+ seq=1i,needs_review=(true|false),inference_ms=\d+(\.\d+)?,total_ms=\d+(\.\d+)? @20\d\d-", points[0]);
        Assert.Matches(@"^place,device=shelf-07,slot=shelf label=""Granny-Smith"",confidence=0\.\d+,needs_review=(true|false) @20\d\d-", points[1]);
    }

    /// <summary>A result with slots as the contract's example has it.</summary>
    [Fact]
    public void APlaceHasItsVerdictAndWhatIsExpected()
    {
        string result = ResultWithSlots();
        Schemas.AssertValid("result", result);

        Assert.Equal("place,device=shelf-07,slot=3-05,verdict=mismatch,expected=tall-kitchen-bags label=\"sandwich-bags\",confidence=0.91,needs_review=true @2026-11-25T08:30:00.123Z", PointsOf("result", result)[^1]);
    }

    [Fact]
    public async Task AChangeAndAShelfAreOnePointEachAndOtherEventsNone()
    {
        BayState bay = SomeBay.Of(4, ("1-02", Verdict.Empty), ("1-03", Verdict.Mismatch)).With("1-03", slot => slot with { Seen = "sandwich-bags" });
        await using Publisher publisher = new(_broker);
        publisher.Bay.Set(bay, []);
        publisher.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);
        publisher.Events.Report(bay.ChangeOf("1-03", Verdict.Match), publisher.Capture());
        publisher.Outbox.AppendEvent(EventTypes.CameraBack, "The camera is back.");
        await reader.UntilAsync(seen => seen.On("/event").Count() == 2 && seen.On("/shelf").Any(), "both events and the shelf");
        string[] events = [.. reader.On("/event").Select(message => message.Payload)];

        Assert.Matches(@"^change,device=shelf-07,slot=1-03,expected=tall-kitchen-bags from=""match"",to=""mismatch"",seen=""sandwich-bags"",before_s=5400 @20\d\d-", Assert.Single(PointsOf("event", events[0])));
        Assert.Empty(PointsOf("event", events[1]));
        Assert.Matches(@"^shelf,device=shelf-07,planogram=bay-4,view=clear expected=4i,judged=4i,available=2i,availability=0\.5 @20\d\d-", Assert.Single(PointsOf("shelf", reader.On("/shelf").First().Payload)));
    }

    [Fact]
    public async Task TheReadmesQuestionsHaveAnswersInInfluxDb()
    {
        using InfluxDb database = await InfluxDb.StartAsync();
        BayState bay = SomeBay.Of(4, ("1-02", Verdict.Empty));
        await using Publisher publisher = new(_broker);
        publisher.Bay.Set(bay, []);
        publisher.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(_broker);
        CommittedResult result = publisher.Capture();
        publisher.Events.Report(bay.ChangeOf("1-02", Verdict.Match), result);
        publisher.Events.Report(bay.ChangeOf("1-01", Verdict.Empty), result);
        await reader.UntilAsync(seen => seen.On("/event").Count() == 2 && seen.On("/shelf").Any() && seen.On("/result").Any(), "all documents");
        // A message that comes twice is one point.
        foreach (SeenMessage message in reader.Seen.Concat(reader.Seen).Where(message => message.Topic.Split('/')[^1] is "result" or "event" or "shelf"))
        {
            foreach (Point point in Points(message.Topic.Split('/')[^1], message.Payload))
                await database.WriteAsync(point.Line);
        }
        string[] questions = [.. File.ReadAllLines(Path.Combine(Sample, "README.md")).Where(line => line.StartsWith("SELECT ", StringComparison.Ordinal))];

        Assert.Equal(3, questions.Length);
        string[] answers = new string[3];
        for (int i = 0; i < 3; i++)
            answers[i] = await database.QueryAsync(questions[i]);
        Assert.Contains("\"device\":\"shelf-07\",\"slot\":\"1-02\"},\"columns\":[\"time\",\"count\"]", answers[0], StringComparison.Ordinal);
        Assert.EndsWith(",5400]]}]}]}", answers[1], StringComparison.Ordinal);
        Assert.Contains(",0.75]", answers[2], StringComparison.Ordinal);
        Assert.Contains(",1]]", await database.QueryAsync("SELECT count(total_ms) FROM picture"), StringComparison.Ordinal);
    }

    /// <summary>A point of InfluxDB.</summary>
    /// <param name="At">The time as it stands in the document.</param>
    sealed record Point(string Name, IReadOnlyList<(string Name, string Value)> Tags, IReadOnlyList<(string Name, string Value)> Fields, string At)
    {
        public string Text => $"{Name}{string.Concat(Tags.Select(tag => $",{tag.Name}={tag.Value}"))} {Joined} @{At}";

        /// <summary>The point in line protocol.</summary>
        public string Line => $"{Name}{string.Concat(Tags.Select(tag => $",{tag.Name}={tag.Value.Replace(" ", "\\ ", StringComparison.Ordinal)}"))} {Joined} {(DateTimeOffset.Parse(At, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture)}";

        string Joined => string.Join(',', Fields.Select(each => $"{each.Name}={each.Value}"));
    }

    string[] PointsOf(string topic, string document) => [.. Points(topic, document).Select(point => point.Text)];

    /// <summary>The points that the input of a topic makes of a document.</summary>
    Point[] Points(string topic, string document)
    {
        JsonElement input = _inputs.EnumerateArray().Single(input => input.GetProperty("topics").EnumerateArray().Single().GetString() == $"edgeshelf/+/{topic}");
        XPathNavigator root = NavigatorOf(document);
        return [.. input.GetProperty("xpath").EnumerateArray().SelectMany(section =>
        {
            Assert.Equal("2006-01-02T15:04:05Z", section.GetProperty("timestamp_format").GetString());
            XPathNavigator[] selected = section.TryGetProperty("metric_selection", out JsonElement selection)
                ? [.. root.Select(selection.GetString()!).Cast<XPathNavigator>()]
                : [root];
            Assert.True(selected.Length > 0 || input.TryGetProperty("xpath_allow_empty_selection", out _), "Nothing is selected.");
            return selected.Select(node =>
            {
                (string, string)[] tags = [.. Of("tags", value => value.Length == 0 ? null : value)];
                (string, string)[] fields = [.. Of("fields_int", value => long.Parse(value, CultureInfo.InvariantCulture) + "i"), .. Of("fields", value => value == "NaN" ? null : value)];
                return new Point(Value(node, section.GetProperty("metric_name")), tags, fields, Value(node, section.GetProperty("timestamp")));

                IEnumerable<(string, string)> Of(string kind, Func<string, string?> form) => !section.TryGetProperty(kind, out JsonElement expressions) ? [] : expressions.EnumerateObject()
                    .Select(expression => (expression.Name, Value: form(kind == "fields" ? Field(node, expression.Value) : Value(node, expression.Value))))
                    .Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!));
            });
        })];
    }

    static string Field(XPathNavigator node, JsonElement expression) => node.Evaluate(expression.GetString()!) is string text ? $"\"{text}\"" : Value(node, expression);

    static string Value(XPathNavigator node, JsonElement expression) => node.Evaluate(expression.GetString()!) switch
    {
        double number => number.ToString(CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        XPathNodeIterator nodes => nodes.MoveNext() ? nodes.Current!.Value : "",
        object text => (string)text,
    };

    static XPathNavigator NavigatorOf(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using StringWriter text = new();
        using (XmlWriter writer = XmlWriter.Create(text, new XmlWriterSettings { ConformanceLevel = ConformanceLevel.Fragment }))
            Write(writer, document.RootElement);
        using XmlReader reader = XmlReader.Create(new StringReader(text.ToString()), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment });
        return new XPathDocument(reader).CreateNavigator();
    }

    static void Write(XmlWriter writer, JsonElement value)
    {
        IEnumerable<(string Name, JsonElement Value)> children = value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Select(property => (property.Name, property.Value)),
            JsonValueKind.Array => value.EnumerateArray().Select(item => ("_", item)),
            _ => [],
        };
        foreach ((string name, JsonElement child) in children)
        {
            writer.WriteStartElement(name);
            Write(writer, child);
            writer.WriteEndElement();
        }
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
            writer.WriteString(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
    }

    static string ResultWithSlots()
    {
        using OutboxInFolder outbox = new();
        ResultDocument plain = ResultDocument.Of(outbox.AppendResult()) with { CapturedAt = new DateTimeOffset(2026, 11, 25, 8, 30, 0, 123, TimeSpan.Zero) };
        IReadOnlyList<PredictionDocument> top = plain.Slots[0].Top;
        PlacedSlotDocument slot = new("3-05", [top[0] with { Label = "sandwich-bags", Confidence = 0.91 }, .. top.Skip(1)], true, "close-call")
        {
            Region = new RegionDocument(0.41, 0.28, 0.05, 0.1),
            Cached = false,
            Expected = new ExpectedDocument("tall-kitchen-bags", "Tall kitchen bags", "0012"),
            Verdict = "mismatch",
        };
        return JsonSerializer.Serialize(plain with { Slots = [slot] }, ResultDocument.Json);
    }

    static JsonElement Read()
    {
        (int exitCode, string output, string errors) = BackgroundPrograms.Run(
            File.ReadAllText(Path.Combine(Sample, "telegraf.conf")), "/usr/bin/python3", "-c", "import json, sys, tomllib; json.dump(tomllib.load(sys.stdin.buffer), sys.stdout)");
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }
}
