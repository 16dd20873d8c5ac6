using System.Text;
using System.Text.Json.Nodes;
using EdgeShelf.Fleet.Control;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Fleet;

/// <summary>Which version a document gets, and when a group already has it.</summary>
public sealed class WantedDocumentTests
{
    /// <summary>A rollback of the first planogram told success and changed nothing.</summary>
    [Fact]
    public void APartThatTheOlderDocumentDoesNotNameStaysWithTheDevices()
    {
        WantedDocument before = Document("30s", 1), now = before.WithPlanogram(new JsonObject { ["name"] = "bay-4" }).With(2);

        Assert.Equal(["planogram"], before.LeavesAsItIs(now));
        Assert.Empty(now.LeavesAsItIs(before));
        Assert.Empty(now.LeavesAsItIs(now));
    }

    [Fact]
    public void WithoutAVersionTheNextOneIsChosen()
    {
        WantedDocument chosen = Document("30s").Choose([("canary", Document("60s", 4)), ("rest", Document("60s", 7)), ("new", null)]);

        Assert.Equal("""{"schema":1,"version":8,"settings":{"Capture:Interval":"30s"}}""", chosen.ToString());
        Assert.Equal(1, Document("30s").Choose([("new", null)]).Version);
    }

    [Fact]
    public void WhatAGroupAlreadyHasKeepsItsVersionSoThatARolloutGoesOn()
    {
        Assert.Equal(8, Document("30s").Choose([("canary", Document("30s", 8)), ("rest", Document("60s", 7))]).Version);
        Assert.Equal(8, Document("30s", 8).Choose([("canary", Document("30s", 8)), ("rest", Document("60s", 7))]).Version);
    }

    [Fact]
    public void WhatAGroupHadLongAgoIsANewVersion() =>
        Assert.Equal(10, Document("30s").Choose([("canary", Document("30s", 8)), ("rest", Document("60s", 9))]).Version);

    [Fact]
    public void AVersionThatDevicesWouldNotTakeIsRefused()
    {
        EdgeShelfException lower = Assert.Throws<EdgeShelfException>(() => Document("30s", 7).Choose([("canary", null), ("rest", Document("60s", 9))]));
        Assert.Contains("The group rest has version 9", lower.Message, StringComparison.Ordinal);
        Assert.Contains("Write 10", lower.Hint, StringComparison.Ordinal);
        Assert.Contains("with other content", Assert.Throws<EdgeShelfException>(() => Document("30s", 9).Choose([("rest", Document("60s", 9))])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllProblemsOfADocumentAreListed()
    {
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => Parse("""{"schema":1,"window":"5-6","settings":{"Publish:Broker":"mqtt://elsewhere"}}"""));

        Assert.Contains("Publish:Broker", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Window", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => Parse("[]"));
        Assert.Throws<ConfigurationException>(() => Parse("""{"schema":1,"schema":1}"""));
        Assert.Throws<ConfigurationException>(() => Parse("""{"schema":1,"version":0}"""));
    }

    [Fact]
    public void WhatIsRetainedMayBeAnything()
    {
        Assert.Null(WantedDocument.OfRetained(null));
        Assert.Null(WantedDocument.OfRetained("not a document"u8.ToArray()));
        Assert.Null(WantedDocument.OfRetained("""{"version":"twelve"}"""u8.ToArray()));
        Assert.Equal(12, WantedDocument.OfRetained("""{"version":12,"new":"field"}"""u8.ToArray())!.Version);
    }

    static WantedDocument Document(string interval, int? version = null) =>
        Parse($"{{\"schema\":1,{(version is null ? "" : $"\"version\":{version},")}\"settings\":{{\"Capture:Interval\":\"{interval}\"}}}}");

    static WantedDocument Parse(string json) => WantedDocument.Parse(Encoding.UTF8.GetBytes(json), "desired.json");
}
