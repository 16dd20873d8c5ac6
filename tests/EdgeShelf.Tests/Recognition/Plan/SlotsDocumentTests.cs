using System.Text;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Plan;

public sealed class SlotsDocumentTests
{
    const string Good = """{"slot":"1-01","x":0.1,"y":0.1,"width":0.1,"height":0.1}""";

    [Fact]
    public void WhatIsWrittenIsReadAgainAndHoldsToTheSchema()
    {
        SlotsDocument document = new(
            [new Slot("1-01", 1, new Region(0.0456, 0.0522, 0.0378, 0.1148)), new Slot("Top.Left_2", null, new Region(0, 0, 1, 1))],
            new ReferencePicture(new string('a', 64), 2063, 1538, new DateTimeOffset(2026, 8, 1, 6, 0, 0, 123, TimeSpan.Zero)))
        { Number = 7, ChangedAt = new DateTimeOffset(2026, 8, 1, 7, 0, 0, TimeSpan.Zero), ChangedBy = PlanSource.Page };

        byte[] json = document.ToJson(["a warning"]);
        SlotsDocument again = SlotsDocument.Parse(json);

        Schemas.AssertValid("slots", Encoding.UTF8.GetString(json));
        Schemas.AssertValid("slots", Encoding.UTF8.GetString(SlotsDocument.None.ToJson()));
        Assert.Equal(document.Slots, again.Slots);
        Assert.Equal((document.Reference, 7, document.ChangedAt, PlanSource.Page), (again.Reference, again.Number, again.ChangedAt, again.ChangedBy));
    }

    /// <summary>What a sender needs to write, and what it may leave in from a document that it got.</summary>
    [Theory]
    [InlineData("""{"schema":1,"slots":[]}""")]
    [InlineData("""{"slots":[]}""")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","shelf":null,"x":0,"y":0,"width":1,"height":1}]}""")]
    [InlineData("""{"schema":1.0,"version":3,"if_version":3,"reference":null,"changed_at":null,"slots":[{"slot":"a","x":0.9,"y":0,"width":0.1,"height":0.002}],"warnings":["x"]}""")]
    public void TheSchemaAndTheParserAccept(string json)
    {
        Assert.True(Schemas.IsValid("slots", json));
        SlotsDocument.Parse(Encoding.UTF8.GetBytes(json));
    }

    [Theory]
    [InlineData("""[]""", "an object is needed")]
    [InlineData("""{"schema":2,"slots":[]}""", "schema is 2; 1 is needed")]
    [InlineData("""{"schema":"1","slots":[]}""", "schema is \"1\"")]
    [InlineData("""{"schema":1}""", "slots is missing")]
    [InlineData("""{"schema":1,"slots":null}""", "slots is null")]
    [InlineData("""{"schema":1,"slots":{}}""", "slots is an object; a list is needed")]
    [InlineData("""{"schema":1,"slots":[],"slotz":[]}""", "the field `slotz` is unknown")]
    [InlineData("""{"schema":1,"slots":[],"if_version":-1}""", "if_version is -1")]
    [InlineData("""{"schema":1,"slots":[],"changed_at":"yesterday"}""", "changed_at is \"yesterday\"")]
    [InlineData("""{"schema":1,"slots":[],"reference":{"sha256":"00","width":1,"height":1,"taken_at":"2026-08-01T06:00:00Z"}}""", "64 hexadecimal digits")]
    [InlineData("""{"schema":1,"slots":[7]}""", "slots[0]: 7 was found; an object is needed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":0.1}]}""", "slot a: height is missing")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":"0","y":0,"width":0.1,"height":0.1}]}""", "slot a: x is \"0\"; a number")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":null,"y":0,"width":0.1,"height":0.1}]}""", "x is null")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":-0.01,"y":0,"width":0.1,"height":0.1}]}""", "is not inside the picture")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":0.0005,"height":0.1}]}""", "slot a: width is 0.0005; at least 0.002 is needed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":0.1,"height":-0.1}]}""", "height is -0.1")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":1.2,"height":0.1}]}""", "is not inside the picture")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a b","x":0,"y":0,"width":0.1,"height":0.1}]}""", "slots[0]: the name \"a b\" is not allowed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"..","x":0,"y":0,"width":0.1,"height":0.1}]}""", "the name \"..\" is not allowed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"shelf","x":0,"y":0,"width":0.1,"height":0.1}]}""", "stands for the whole picture")]
    [InlineData("""{"schema":1,"slots":[{"slot":"ä","x":0,"y":0,"width":0.1,"height":0.1}]}""", "is not allowed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"","x":0,"y":0,"width":0.1,"height":0.1}]}""", "slot is empty")]
    [InlineData("""{"schema":1,"slots":[{"slot":5,"x":0,"y":0,"width":0.1,"height":0.1}]}""", "slot is 5; a text is needed")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","shelf":0,"x":0,"y":0,"width":0.1,"height":0.1}]}""", "shelf is 0; a whole number from 1 to 1000")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","shelf":1.5,"x":0,"y":0,"width":0.1,"height":0.1}]}""", "shelf is 1.5")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0,"y":0,"width":0.1,"height":0.1,"label":"tea"}]}""", "the field `label` is unknown")]
    public void TheSchemaAndTheParserRefuse(string json, string problem)
    {
        Assert.False(Schemas.IsValid("slots", json));
        Assert.Contains(problem, Refusal(json).Message, StringComparison.Ordinal);
    }

    /// <summary>What a schema cannot say.</summary>
    [Theory]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":0.95,"y":0,"width":0.1,"height":0.1}]}""", "x 0.95 to 1.05, y 0 to 0.1 is not inside the picture")]
    [InlineData("""{"schema":1,"slots":[{"slot":"a","x":1e999,"y":0,"width":0.1,"height":0.1}]}""", "x is 1e999")]
    [InlineData("""{"schema":1,"schema":1,"slots":[]}""", "the field `schema` is there twice")]
    [InlineData("""{"schema":1,"slots":[{"slot":"\ud800","x":0,"y":0,"width":0.1,"height":0.1}]}""", "half of a surrogate pair")]
    [InlineData("""{"schema":1,"slots":[NaN]}""", "not valid JSON")]
    [InlineData("""{"schema":1,"slots":[[[[[[[[[1]]]]]]]]]}""", "not valid JSON")]
    [InlineData("slot,x,y,width,height", "not valid JSON")]
    [InlineData("", "the document is empty")]
    public void TheParserAlsoRefuses(string json, string problem) => Assert.Contains(problem, Refusal(json).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryProblemIsNamedAtOnce()
    {
        PlanProblemsException refused = Refusal(
            $$"""{"schema":1,"version":"x","slots":[{{Good}},{{Good}},{"slot":"b","x":2,"y":0,"width":0.1,"height":0.1},{"slot":"b?","x":0,"y":0,"width":0,"height":0.1,"note":1}]}""");

        Assert.Equal("bad-slots", refused.Code);
        Assert.Equal(6, refused.Problems.Count);
        Assert.Contains("2 slots have the name 1-01; each needs a name of its own", refused.Problems);
    }

    [Fact]
    public void FiveHundredSlotsAreRefusedWithTheLimitAndItsReason()
    {
        string json = $$"""{"schema":1,"slots":[{{string.Join(",", Enumerable.Range(0, 500).Select(i => Good.Replace("1-01", $"{i}", StringComparison.Ordinal)))}}]}""";

        string problem = Assert.Single(Refusal(json).Problems);

        Assert.False(Schemas.IsValid("slots", json));
        Assert.StartsWith("slots has 500 entries; at most 200 are possible, because a look at all of them runs", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void HundredsOfProblemsAreCountedAndNotAllListed()
    {
        string json = $$"""{"schema":1,"slots":[{{string.Join(",", Enumerable.Repeat("{}", 200))}}]}""";

        PlanProblemsException refused = Refusal(json);

        Assert.Equal(PlanProblemsException.MaxListed + 1, refused.Problems.Count);
        Assert.Equal("950 more", refused.Problems[^1]);
    }

    [Fact]
    public void ATextThatATerminalWouldObeyIsShownAsCodes() =>
        Assert.DoesNotContain(Refusal("""{"schema":1,"slots":[{"slot":"\u001b[2Ja\u202e","x":0,"y":0,"width":0.1,"height":0.1,"\u001b":1}]}""").Message, letter => char.IsControl(letter) || letter == '\u202E');

    [Fact]
    public void OverlapsAndSmallSlotsAreWarnedOfWithTheReason()
    {
        Slot[] slots =
        [
            new("a", null, new Region(0.1, 0.1, 0.2, 0.2)), new("b", null, new Region(0.15, 0.1, 0.2, 0.2)), new("c", null, new Region(0.24, 0.1, 0.2, 0.2)),
            new("small", null, new Region(0.6, 0.6, 0.01, 0.2)), new("5-Jan", null, new Region(0.8, 0.8, 0.1, 0.1)),
        ];
        ReferencePicture reference = new(new string('a', 64), 2000, 1500, default);

        IReadOnlyList<string> warnings = SlotRules.Warnings(new SlotMap(1, slots, reference), new Planogram("p", "1", null, [], [new Position("gone", null, null, "tea", 1)]));

        Assert.Equal(5, warnings.Count);
        Assert.Contains(warnings, warning => warning.StartsWith("slot small is 20 pixels wide or high in the reference picture; below 25 pixels about half", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("slots a and b overlap by 75 %", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("slots b and c overlap by 55 %", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("5-Jan looks like a date", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("expects a product in slot gone", StringComparison.Ordinal));
        Assert.DoesNotContain(SlotRules.Warnings(new SlotMap(1, slots, null), null), warning => warning.Contains("pixels", StringComparison.Ordinal));
    }

    [Fact]
    public void AGridIsNamedRoundedAndInsideItsArea()
    {
        IReadOnlyList<Slot> row = new SlotGrid("3", 1, 12, new Region(0.05, 0.4, 0.9, 0.15), 0.005).Slots(3);

        Assert.Equal(["3-01", "3-02", "3-12"], [row[0].Name, row[1].Name, row[11].Name]);
        Assert.All(row, slot => Assert.True(slot.Region.IsInside && slot.Region.Right <= 0.95 + 1e-9 && slot.Shelf == 3));
        Assert.All(row.Zip(row.Skip(1)), pair => Assert.Equal(0.005, pair.Second.Region.X - pair.First.Region.Right, 1e-5));
        Assert.Equal(0.95, row[11].Region.Right, 1e-5);

        IReadOnlyList<Slot> rows = new SlotGrid("a", 2, 3, new Region(0, 0, 1, 1), 0).Slots(1);
        Assert.Equal(["a-1-01", "a-1-02", "a-1-03", "a-2-01", "a-2-02", "a-2-03"], rows.Select(slot => slot.Name));
        Assert.Equal([1, 1, 1, 2, 2, 2], rows.Select(slot => slot.Shelf));
        Assert.All(rows, slot => Assert.True(slot.Region.IsInside));
    }

    [Theory]
    [InlineData(1, 0, 0, "0 columns")]
    [InlineData(100, 100, 0, "100 rows and 100 columns; 1 to 200 slots")]
    [InlineData(int.MaxValue, int.MaxValue, 0, "slots are possible")]
    [InlineData(1, 3, -0.1, "the gap is -0.1")]
    [InlineData(1, 3, double.NaN, "the gap is NaN")]
    [InlineData(1, 11, 0.1, "the slots of the grid: width is")]
    public void AGridThatDoesNotFitIsRefused(int rows, int columns, double gap, string problem) =>
        Assert.Contains(problem, Assert.Throws<PlanProblemsException>(() => new SlotGrid("3", rows, columns, new Region(0, 0, 1, 1), gap).Slots(null)).Message, StringComparison.Ordinal);

    static PlanProblemsException Refusal(string json) => Assert.Throws<PlanProblemsException>(() => SlotsDocument.Parse(Encoding.UTF8.GetBytes(json)));
}
