using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeShelf.Tests.Publish.Documents;

/// <summary>
/// What the AsyncAPI document says of topics, retention and quality of service, held to what the device does. That the
/// document itself is valid was tried with AsyncAPI's own parser.
/// </summary>
public sealed partial class AsyncApiTests
{
    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "schemas");
    static readonly JsonElement Document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "asyncapi.json"))).RootElement;

    [Fact]
    public void EveryReferenceLeadsSomewhere()
    {
        List<string> references = [.. References(Document)];
        Assert.Contains("result.schema.json", references);
        Assert.All(references, reference =>
        {
            if (reference.StartsWith("#/", StringComparison.Ordinal))
                Assert.NotEqual(JsonValueKind.Undefined, At(reference).ValueKind);
            else
                Assert.True(File.Exists(Path.Combine(Folder, reference)), reference);
        });
    }

    /// <summary>A device that says everything it can say is watched, and each message is one of the document's.</summary>
    [Fact]
    public async Task WhatTheDevicePublishesIsWhatTheDocumentSays()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "edgeshelf/#", payload: "%x");
        await using Publisher publisher = new Publisher(broker, options => options.Image = true).Start();
        await publisher.ConnectedAsync();
        publisher.CapturePicture();
        BayState bay = SomeBay.Of(2, ("1-02", Verdict.Empty));
        publisher.Bay.Set(bay, []);
        publisher.Events.ReportEvidence("1-02", PicturesOf.Scene());
        publisher.Fleet.Report = "{}"u8.ToArray();
        publisher.Outbox.AppendEvent(EventTypes.CameraBack, "The camera is back.");
        MosquittoPub.Publish(broker, "edgeshelf/shelf-07/request/status", "");
        await reader.UntilAsync(
            seen => new[] { "/result", "/event", "/image", "/image/1-02", "/response/status", "/state", "/shelf", "/reported", "/availability" }.All(topic => seen.On(topic).Any()), "one of each");
        using MosquittoSub late = await MosquittoSub.StartAsync(broker, "edgeshelf/#");
        await late.UntilAsync(seen => seen.On("/state").Any() && seen.On("/shelf").Any() && seen.On("/reported").Any() && seen.On("/availability").Any(), "what is retained");

        var channels = Document.GetProperty("channels").EnumerateObject().ToDictionary(channel => channel.Name, channel => Pattern(channel.Value.GetProperty("address").GetString()!));
        Assert.All(reader.Seen.Where(message => message.Topic.StartsWith("edgeshelf/", StringComparison.Ordinal)), message => Assert.Single(channels.Values, pattern => pattern.IsMatch(message.Topic)));
        List<JsonElement> sends = [.. Document.GetProperty("operations").EnumerateObject().Select(operation => operation.Value).Where(operation => operation.GetProperty("action").GetString() == "send")];
        Assert.Equal(9, sends.Count);
        // This device has credentials of its own. A claim is made by ClaimTests.
        Assert.All(sends.Where(send => !Channel(send).StartsWith("claim", StringComparison.Ordinal)), send =>
        {
            Regex topic = channels[Channel(send)];
            JsonElement mqtt = send.GetProperty("bindings").GetProperty("mqtt");
            Assert.Equal(mqtt.GetProperty("qos").GetInt32(), reader.Seen.First(message => topic.IsMatch(message.Topic)).Qos);
            Assert.Equal(mqtt.GetProperty("retain").GetBoolean(), late.Seen.Any(message => message.Retained && topic.IsMatch(message.Topic)));
        });
    }

    /// <summary>Each topic that the program can name is in the document once, and the document has no others.</summary>
    [Fact]
    public void TheTopicsAreThoseThatTheDeviceKnows()
    {
        DeviceTopics topics = new("shelf-07");
        Dictionary<string, string> known = typeof(DeviceTopics).GetProperties().Where(property => property.Name != nameof(DeviceTopics.Base)).ToDictionary(property => property.Name, property => (string)property.GetValue(topics)!);
        foreach (MethodInfo method in typeof(DeviceTopics).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName && method.Name != nameof(DeviceTopics.CommandOf)))
            known[method.Name] = (string)method.Invoke(topics, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(Guid) ? (object)Guid.NewGuid() : "status")])!;
        var patterns = Document.GetProperty("channels").EnumerateObject().Select(channel => (channel.Name, Address: Pattern(channel.Value.GetProperty("address").GetString()!))).ToList();

        Assert.Equal((15, 14), (known.Count, patterns.Count));
        Assert.All(known.Values, topic => Assert.Single(patterns, pattern => pattern.Address.IsMatch(topic)));
        Assert.All(patterns, pattern => Assert.Contains(known.Values, topic => pattern.Address.IsMatch(topic)));
        // And each is used by an operation, or is what an operation is answered on.
        string[] used = [.. Document.GetProperty("operations").EnumerateObject().SelectMany(operation => References(operation.Value)).Where(reference => reference.StartsWith("#/channels/", StringComparison.Ordinal)).Select(reference => reference.Split('/')[2]).Distinct()];
        Assert.Equal(patterns.Select(pattern => pattern.Name).Order(), used.Order());
    }

    [Fact]
    public void TheCommandsAreThoseThatTheDeviceKnows()
    {
        using IHost service = EdgeShelfHost.Build(new ConfigurationBuilder().AddInMemoryCollection([new("Capture:Folder:Path", "/pictures"), new("Log:ToFile", "false")]).Build());
        RequestCommand[] registered = [.. service.Services.GetServices<RequestCommand>()];
        IEnumerable<string?> commands = Document.GetProperty("components").GetProperty("parameters").GetProperty("command").GetProperty("enum").EnumerateArray().Select(command => command.GetString());

        Assert.Equal(registered.Select(command => command.Name).Order(), commands.Order());
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "src", "EdgeShelf", "Publish", "README.md"));
        Assert.All(registered, command => Assert.Contains($"`{command.Name}`", readme, StringComparison.Ordinal));
    }

    static string Channel(JsonElement operation) => operation.GetProperty("channel").GetProperty("$ref").GetString()!.Split('/')[^1];

    static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    static JsonElement At(string pointer) => pointer.Split('/').Skip(1).Aggregate(Document, (element, name) => element.GetProperty(name));

    static Regex Pattern(string address) => new("^" + Parameter().Replace(address, "[^/]+") + "$");

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Parameter();
}
