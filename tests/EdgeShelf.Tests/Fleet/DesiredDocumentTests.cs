using System.Text;
using EdgeShelf.Fleet.Documents;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

public sealed class DesiredDocumentTests
{
    const string Sha = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const string Model = $$"""{"name":"shop-0007","version":"3","url":"https://files.shop/a.tar.gz","sha256":"{{Sha}}","size":12345,"signature":"AAAA"}""";
    const string Planogram = """{"name":"bay-4","version":"12","products":[],"positions":[{"slot":"1-01","label":"tall-bags","facings":1}]}""";

    static DesiredReading Read(string json) => DesiredDocument.Read(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void AWholeDocumentIsRead()
    {
        string json = $$"""{"schema":1,"version":12,"model":{{Model}},"planogram":{{Planogram}},"settings":{"Capture:Interval":"00:00:30","Publish:Image":true,"Vision:MinMargin":0.25},"window":"22:30-05:00"}""";
        DesiredDocument document = Read(json).Document!;

        Assert.Equal(12, document.Version);
        Assert.Equal(new DesiredModel("shop-0007", "3", "https://files.shop/a.tar.gz", Sha, 12345, "AAAA"), document.Model);
        Assert.Contains("tall-bags", Encoding.UTF8.GetString(document.Planogram!.Json!), StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, string> { ["Capture:Interval"] = "00:00:30", ["Publish:Image"] = "True", ["Vision:MinMargin"] = "0.25" }, document.Settings);
        Assert.Equal("22:30-05:00", document.Window!.ToString());
        Schemas.AssertValid("desired", json);
    }

    [Fact]
    public void ADocumentThatWantsNothingIsValid()
    {
        Assert.Null(Read("""{"schema":1,"version":1}""").Document!.Model);
        Assert.Null(Read("""{"schema":1,"version":1,"model":null,"planogram":null,"settings":null,"window":null}""").Document!.Window);
    }

    [Fact]
    public void APlanogramMayBeAnAddress()
    {
        string json = $$"""{"schema":1,"version":2,"planogram":{"url":"http://files/p.json","sha256":"{{Sha.ToUpperInvariant()}}"} }""";
        Assert.Equal(new DesiredPlanogram(null, "http://files/p.json", Sha), Read(json).Document!.Planogram);
        Schemas.AssertValid("desired", json);
    }

    [Fact]
    public void AllProblemsAreToldAtOnce()
    {
        DesiredReading reading = Read("""
            {"schema":2,"version":7,"device":"shelf-08","model":{"name":"../x","version":"1","url":"file:///etc/passwd","sha256":"12","size":0.5},
             "settings":{"Publish:Broker":"mqtt://evil","Capture:Interval":[1]},"window":"2-5","planogram":{"name":"bay"}}
            """);

        Assert.Null(reading.Document);
        Assert.Equal(7, reading.Version);
        string all = string.Join("\n", reading.Problems.Select(problem => $"{problem.Code}: {problem.Message}"));
        foreach (string part in new[] { "schema is 2; 1 is needed", "`device` is unknown", "name is \"../x\"", "file:///etc/passwd", "64 hexadecimal digits", "size is 0.5", "window is \"2-5\"", "setting-not-allowed: Settings: Publish:Broker", "bad-setting: Settings: Capture:Interval", "bad-planogram: Planogram: version is missing" })
            Assert.Contains(part, all, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0000\u0000\u0000")]
    [InlineData("[1]")]
    [InlineData("""{"schema":1,"version":1""")]
    [InlineData("""{"schema":1,"version":1,"version":2}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"schema":1,"version":0}""")]
    [InlineData("""{"schema":1,"version":1.5}""")]
    [InlineData("""{"schema":1,"version":1,"settings":[]}""")]
    [InlineData("""{"schema":1,"version":1,"model":"shop"}""")]
    [InlineData("""{"schema":1,"version":1,"window":"05:00-05:00"}""")]
    [InlineData("""{"schema":1,"version":1,"window":"24:00-05:00"}""")]
    public void WhatIsNoDocumentIsRefused(string json)
    {
        DesiredReading reading = Read(json);
        Assert.Null(reading.Document);
        Assert.All(reading.Problems, problem => Assert.NotEqual(FleetProblem.Internal, problem.Code));
        Assert.NotEmpty(reading.Problems);
    }

    [Fact]
    public void ADocumentOfTenMegabytesIsRefusedUnread()
    {
        FleetProblem problem = Assert.Single(DesiredDocument.Read(new byte[10 << 20]).Problems);
        Assert.Equal(FleetProblem.TooLarge, problem.Code);
    }

    [Fact]
    public void AnAddressWithAPasswordIsRefused() => Assert.Contains(
        Read($$"""{"schema":1,"version":1,"planogram":{"url":"https://u:secret@files/p.json","sha256":"{{Sha}}"} }""").Problems,
        problem => problem.Message.Contains("user name", StringComparison.Ordinal) && !problem.Message.Contains("secret", StringComparison.Ordinal));

    [Fact]
    public void TheSchemaAllowsTheSameSettings()
    {
        Assert.All(FleetSettings.Allowed, key => Assert.True(Schemas.IsValid("desired", $$"""{"schema":1,"version":1,"settings":{"{{key}}":"1"} }""")));
        Assert.False(Schemas.IsValid("desired", """{"schema":1,"version":1,"settings":{"Publish:Broker":"mqtt://x"}}"""));
    }

    [Fact]
    public void AReportIsReadAsItWasWritten()
    {
        ReportedDocument report = new()
        {
            Device = "shelf-07",
            Group = "canary",
            Installation = "8b6c5a3e-0000-4000-8000-000000000001",
            DesiredVersion = 12,
            DesiredFrom = "group",
            Status = FleetStatus.RolledBack,
            Problems = [new FleetProblem(FleetProblem.WorseInUse, "More is unknown.")],
            Model = new ReportedModel("shop", "2", Sha),
            Planogram = new ReportedPlanogram("bay-4", "12"),
            Settings = new Dictionary<string, string> { ["Capture:Interval"] = "00:00:30" },
            Figures = new ReportedFigures(new ReportedShares(0.1, 0.02, 0, 41.5), new ReportedShares(0.6, null, 0.1, 80)),
            Availability = 0.86,
            Software = "0.1.0",
            At = new DateTimeOffset(2026, 11, 27, 3, 4, 5, TimeSpan.Zero),
        };

        Schemas.AssertValid("reported", Encoding.UTF8.GetString(report.ToJson()));
        Assert.True(ReportedDocument.TryParse(report.ToJson(), out ReportedDocument? read));
        Assert.Equal(Encoding.UTF8.GetString(report.ToJson()), Encoding.UTF8.GetString(read.ToJson()));
        Schemas.AssertValid("reported", Encoding.UTF8.GetString(new ReportedDocument { Device = "a", Status = FleetStatus.None, Software = "1", At = default }.ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"schema":2,"device":"a","status":"none","software":"1","at":"2026-11-27T03:04:05.000Z"}""")]
    public void WhatIsNoReportIsNotRead(string json) => Assert.False(ReportedDocument.TryParse(Encoding.UTF8.GetBytes(json), out _));
}
