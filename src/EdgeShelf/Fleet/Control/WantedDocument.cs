using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Control;

/// <summary>A desired document on the engineer's side: what is published, byte for byte.</summary>
sealed class WantedDocument
{
    const string VersionKey = "version";

    /// <summary>Documents are read by people too, so that letters of all languages stay as they are.</summary>
    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly JsonObject _content;

    WantedDocument(JsonObject content) => _content = content;

    /// <summary>The version, or null if it is still to be chosen.</summary>
    public int? Version => _content.TryGetPropertyValue(VersionKey, out JsonNode? version) && version is JsonValue value && value.TryGetValue(out int number) ? number : null;

    public byte[] ToJson() => JsonText.Bytes(_content, Compact);

    /// <summary>Reads a document that an engineer wrote. It may lack its version.</summary>
    /// <param name="what">The name of the document, for messages.</param>
    /// <exception cref="ConfigurationException">It is not a desired document; all problems are listed.</exception>
    public static WantedDocument Parse(ReadOnlyMemory<byte> json, string what)
    {
        json = JsonText.WithoutPreamble(json.ToArray()).ToArray();
        WantedDocument document = new(ObjectOf(json.Span) ?? throw NotADocument(what, ["It is not a JSON object."]));
        bool isOpen = !document._content.ContainsKey(VersionKey);
        // What lacks only its version is checked with any.
        DesiredReading reading = DesiredDocument.Read(isOpen ? document.With(1).ToJson() : json);
        return reading.Document is not null ? document : throw NotADocument(what, reading.Problems.Select(problem => problem.Message));
    }

    /// <summary>Reads what the broker retains, or returns null if it is not an object with a version.</summary>
    public static WantedDocument? OfRetained(byte[]? payload) => payload is not null && ObjectOf(payload) is { } content && new WantedDocument(content) is { Version: not null } document ? document : null;

    public WantedDocument With(int version)
    {
        JsonObject content = [];
        // Keep the order, with the version behind the schema.
        foreach ((string key, JsonNode? value) in _content.Where(field => field.Key != VersionKey))
        {
            content[key] = value?.DeepClone();
            if (key == "schema")
                content[VersionKey] = version;
        }
        content[VersionKey] ??= version;
        return new WantedDocument(content);
    }

    /// <summary>Returns a copy with another planogram and without a version.</summary>
    public WantedDocument WithPlanogram(JsonNode planogram)
    {
        JsonObject content = _content.DeepClone().AsObject();
        content.Remove(VersionKey);
        content["planogram"] = planogram;
        return new WantedDocument(content);
    }

    /// <summary>A document that asks for nothing yet.</summary>
    public static WantedDocument Empty() => new(new JsonObject { ["schema"] = 1 });

    /// <summary>Whether two documents ask for the same, whatever their versions are.</summary>
    public bool AsksForTheSameAs(WantedDocument other) => JsonNode.DeepEquals(With(1)._content, other.With(1)._content);

    /// <summary>The parts that the newer document names and this one does not: devices that go back to this one keep what the newer one gave them.</summary>
    public IReadOnlyList<string> LeavesAsItIs(WantedDocument newer) => [.. ((string[])["model", "planogram"]).Where(part => newer._content.ContainsKey(part) && !_content.ContainsKey(part))];

    /// <summary>Chooses the version, unless the document has one: that with which a group already holds it, otherwise the next one.</summary>
    /// <param name="retained">What the broker retains for each of the groups.</param>
    /// <param name="known">The highest version that these groups ever had, as far as it is known.</param>
    /// <exception cref="EdgeShelfException">A group holds the same or a higher version with other content, or had a higher one before.</exception>
    public WantedDocument Choose(IReadOnlyList<(string Group, WantedDocument? Retained)> retained, int known = 0)
    {
        int highest = Math.Max(known, retained.Max(entry => entry.Retained?.Version) ?? 0);
        int? held = retained.Where(entry => entry.Retained is not null && AsksForTheSameAs(entry.Retained)).Max(entry => entry.Retained!.Version);
        WantedDocument chosen = Version is not null ? this : With(held == highest && held is not null ? held.Value : checked(highest + 1));
        foreach ((string group, WantedDocument? other) in retained)
        {
            if (other is null || other.Version < chosen.Version || (other.Version == chosen.Version && chosen.AsksForTheSameAs(other)))
                continue;
            throw new EdgeShelfException(
                $"The group {group} has version {other.Version}{(other.Version == chosen.Version ? " with other content" : "")}; devices take only a higher one, and the document has {chosen.Version}.",
                $"Write {highest + 1} as its version, or leave the version away.");
        }
        return chosen.Version >= known ? chosen : throw new EdgeShelfException(
            $"Version {known} was published before; devices take only a higher one, and the document has {chosen.Version}.", $"Write {highest + 1} as its version, or leave the version away.");
    }

    /// <summary>Whether the document has a field of this name.</summary>
    public bool Has(string field) => _content.ContainsKey(field);

    static JsonObject? ObjectOf(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static ConfigurationException NotADocument(string what, IEnumerable<string> problems) =>
        new($"{what} is not a desired document:\n  - {string.Join("\n  - ", problems)}", "Fix it and run the command again; nothing was published.");

    public override string ToString() => Encoding.UTF8.GetString(ToJson());
}
