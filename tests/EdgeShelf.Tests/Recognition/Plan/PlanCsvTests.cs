using System.Text;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Plan;

public sealed class PlanCsvTests
{
    /// <summary>The same table as several programs write it.</summary>
    public static TheoryData<string> Forms => new()
    {
        "slot,shelf,x,y,width,height,label\n1-01,1,0.05,0.1,0.04,0.11,tea\n1-02,,.1,0.1,4E-2,0.11,empty\n",
        "\uFEFFslot;shelf;x;y;width;height;label\r\n1-01;1;0,05;0,1;0,04;0,11;tea\r\n1-02;;0,1;0,1;0,04;0,11;empty\r\n;;;;;;\r\n",
        "sep=;\r\nSlot;Shelf;X;Y;Width;Height;Label\r\n1-01;1;0,05;0,1;0,04;0,11;tea\r\n1-02;;0,1;0,1;0,04;0,11;empty\r\n",
        "slot\tshelf\tx\ty\twidth\theight\tlabel\n1-01\t1\t0.05\t0.1\t0.04\t0.11\ttea\n\n1-02\t\t0.1\t0.1\t0.04\t0.11\tempty",
        "slot,shelf,x,y,width,height,label\r1-01,1,\"0,05\",\"0,1\",\"0,04\",\"0,11\",\" tea \"\r1-02,,0.1,0.1,0.04,0.11,empty\r",
        "label,height,width,y,x,slot,shelf,remark\ntea,0.11,0.04,0.1,0.05,1-01,1,\"over\r\ntwo lines, with \"\"quotes\"\"\"\nempty,0.11,0.04,0.1,0.1,1-02,,\n",
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void SlotsAreReadAsSpreadsheetsWriteThem(string text)
    {
        SlotsDocument document = SlotsCsv.Read(Encoding.UTF8.GetBytes(text), "slots.csv");

        Assert.Equal([new Slot("1-01", 1, new Region(0.05, 0.1, 0.04, 0.11)), new Slot("1-02", null, new Region(0.1, 0.1, 0.04, 0.11))], document.Slots);
        Assert.Equal(("tea", "empty"), (document.Labels["1-01"], document.Labels["1-02"]));
        Assert.Equal(text.Contains("remark", StringComparison.Ordinal), document.Notes.Any(note => note.StartsWith("the columns remark are not used", StringComparison.Ordinal)));
    }

    [Fact]
    public void Utf16AsExcelsUnicodeTextIsRead() =>
        Assert.Equal("a", SlotsCsv.Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("slot\tx\ty\twidth\theight\r\na\t0\t0\t1\t1\r\n")], "slots.txt").Slots[0].Name);

    [Fact]
    public void EveryProblemOfATableIsNamedWithItsLine()
    {
        PlanProblemsException refused = Assert.Throws<PlanProblemsException>(() => SlotsCsv.Read(
            "slot,shelf,x,y,width,height\n1-01,1,0,0,0.1,0.1\n01. Jan,1,0,0,0.1,0.1\na,x,0,0,0.1,1.0.0\n,1,0.99,0,0.1,0.1\n1-01,1,0.5,0,NaN,0.1\n1-01,1,0.5,0,0.1,0.1\n"u8.ToArray(), "slots.csv"));

        Assert.Equal("bad-slots", refused.Code);
        Assert.Equal(7, refused.Problems.Count);
        Assert.Contains("line 3: the name \"01. Jan\"", refused.Problems[0], StringComparison.Ordinal);
        Assert.Contains("import the column as text", refused.Problems[0], StringComparison.Ordinal);
        Assert.Equal("line 4: shelf is \"x\"; a whole number from 1 to 1000 is needed", refused.Problems[1]);
        Assert.Equal("line 4: height is \"1.0.0\"; a number from 0 to 1 is needed", refused.Problems[2]);
        Assert.Equal("line 5: slot is empty", refused.Problems[3]);
        Assert.Contains("line 5: x 0.99 to 1.09", refused.Problems[4], StringComparison.Ordinal);
        Assert.Equal("line 6: width is \"NaN\"; a number from 0 to 1 is needed", refused.Problems[5]);
        Assert.Contains("2 slots have the name 1-01", refused.Problems[6], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slot,x,y,width\na,0,0,1\n", "slot,x,y,width,height are needed")]
    [InlineData("slot,x,y,width,height\na,0,5,0,1,1,1\n", "line 2 has 7 fields; the header has 5")]
    [InlineData("slot,x,y,width,height\n\"a,0,0,1,1\n", "a quotation mark is never closed")]
    [InlineData("", "is empty")]
    [InlineData("slot,x,x,y,width,height\n", "has the column x twice")]
    public void ATableWithoutItsFormIsOneProblem(string text, string problem) =>
        Assert.Contains(problem, Assert.Single(Assert.Throws<PlanProblemsException>(() => SlotsCsv.Read(Encoding.UTF8.GetBytes(text), "slots.csv")).Problems), StringComparison.Ordinal);

    [Fact]
    public void ATableInWindows1252IsRefusedWithWhatToDo() => Assert.Contains(
        "Windows-1252", Assert.Throws<PlanProblemsException>(() => PlanogramCsv.Read([.. "slot,label\na,caf"u8, 0xE9, (byte)'\n'], "plan.csv", "n", "1", null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SlotsComeBackAsTheyWere(bool forSpreadsheet)
    {
        Slot[] slots = [new("-1", 1, new Region(1.0 / 3, 0.1, 0.123456789012345, 0.2)), new("a.b", null, new Region(0, 0, 1, 1))];
        Planogram planogram = new("p", "1", null, [], [new Position("a.b", null, null, "=tea; \"hot\"", 1)]);

        byte[] csv = SlotsCsv.Write(new SlotMap(1, slots, null), planogram, forSpreadsheet);
        SlotsDocument again = SlotsCsv.Read(csv, "slots.csv");

        Assert.Equal(slots, again.Slots);
        Assert.Equal("=tea; \"hot\"", again.Labels["a.b"]);
    }

    [Fact]
    public void TheFormForSpreadsheetsHasWhatTheyNeed()
    {
        string csv = Encoding.UTF8.GetString(SlotsCsv.Write(new SlotMap(1, [new Slot("a", 1, new Region(0.5, 0.25, 0.125, 0.1))], null), null, forSpreadsheet: true));

        Assert.Equal("\uFEFFslot;shelf;x;y;width;height;label\r\na;1;0,5;0,25;0,125;0,1;\r\n", csv);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APlanogramComesBackAsItWas(bool forSpreadsheet)
    {
        Planogram planogram = new(
            "bay-4", "12", null,
            [new Product("tea", "Grüner Tee, lose", "0012", "4006381333931"), new Product("plain", null, null, null), new Product("@home", "=1+1", "+7", null), new Product("'=x", "'", "-", null), new Product("later", null, null, null)],
            [new Position("1-01", 1, 2, "tea", 3), new Position("1-02", null, null, "plain", 1), new Position("1-03", 2, null, "taught", 1), new Position("1-04", 1, null, "@home", 1), new Position("1-05", 1, null, "'=x", 1)]);

        byte[] csv = PlanogramCsv.Write(planogram, forSpreadsheet);
        Planogram again = PlanogramCsv.Read(csv, "plan.csv", "bay-4", "12", null).Planogram;

        Assert.Equal(planogram.Products.OrderBy(product => product.Label, StringComparer.Ordinal), again.Products.OrderBy(product => product.Label, StringComparer.Ordinal));
        Assert.Equal(planogram.Positions, again.Positions);
    }

    /// <summary>A spreadsheet runs a field that begins like a formula, also one in quotes.</summary>
    [Fact]
    public void NoExportedFieldBeginsLikeAFormula()
    {
        Planogram planogram = new("n", "1", null, [new Product("=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "@SUM(1)", null)], [new Position("-2", null, null, "=HYPERLINK(\"http://x\")", 1)]);

        string[] fields = Encoding.UTF8.GetString(PlanogramCsv.Write(planogram, forSpreadsheet: true)).Split('\n').Skip(1).SelectMany(line => line.Split(';')).ToArray();

        Assert.Contains("'-2", fields);
        Assert.All(fields, field => Assert.False(field.TrimStart('\uFEFF', '"') is ['=' or '+' or '-' or '@', ..], field));
    }

    [Fact]
    public void RowsOfAProductCompleteEachOtherAndMustNotContradict()
    {
        Planogram planogram = PlanogramCsv.Read("slot;position;label;sku;gtin;facings;name\na;1;tea;0012;;2;\nb;2;tea;;4006381333931;;Tee\nc;3;;;;;\n;;cocoa;;;;Kakao\n"u8.ToArray(), "plan.csv", "n", "1", null).Planogram;

        Assert.Equal([new Product("tea", "Tee", "0012", "4006381333931"), new Product("cocoa", "Kakao", null, null)], planogram.Products);
        Assert.Equal([new Position("a", null, 1, "tea", 2), new Position("b", null, 2, "tea", 1)], planogram.Positions);

        Assert.Contains("line 3: the product \"tea\" has the sku \"0013\" here and \"0012\" in an earlier line", Assert.Throws<PlanProblemsException>(
            () => PlanogramCsv.Read("slot,label,sku\na,tea,0012\nb,tea,0013\n"u8.ToArray(), "plan.csv", "n", "1", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryProblemOfAPlanogramsTableIsNamed()
    {
        PlanProblemsException refused = Assert.Throws<PlanProblemsException>(() => PlanogramCsv.Read(
            "slot,label,gtin,facings\na,empty,,1\nb,tea,4.00638E+12,1\nc,tea,,0\nd,\"te\na\",,1\ne,x,,1\ne,y,,1\n"u8.ToArray(), "plan.csv", "", "1", null));

        Assert.Equal("bad-planogram", refused.Code);
        Assert.Equal(6, refused.Problems.Count);
        Assert.Equal("name is empty", refused.Problems[0]);
        Assert.Contains("line 2: the label \"empty\"", refused.Problems[1], StringComparison.Ordinal);
        Assert.Contains("line 3: gtin \"4.00638E+12\" was rounded by a spreadsheet", refused.Problems[2], StringComparison.Ordinal);
        Assert.Contains("line 4: facings is \"0\"", refused.Problems[3], StringComparison.Ordinal);
        Assert.Contains("line 5: label \"te\\x0Aa\" holds the control character U+000A", refused.Problems[4], StringComparison.Ordinal);
        Assert.Equal("slot e has 2 positions; one is allowed", refused.Problems[5]);
    }

    /// <summary>The hand-made document of a real scene.</summary>
    [Fact]
    public void TheDocumentOfTheBottlesSceneIsRead()
    {
        string file = Path.Combine(Shelves.Folder("bottles"), "slots.json");

        Assert.Equal(["left", "middle", "right"], SlotsDocument.Parse(File.ReadAllBytes(file)).Slots.Select(slot => slot.Name));
    }

    /// <summary>The hand-made table of a real bay.</summary>
    [Fact]
    public void TheTableOfTheBagsSceneIsRead()
    {
        string file = Path.Combine(Shelves.Folder("bags"), "slots.csv");

        SlotsDocument document = SlotsCsv.Read(File.ReadAllBytes(file), file);

        Assert.Equal(58, document.Slots.Count);
        Assert.Equal(18, document.PlanogramOfLabels()!.Products.Count);
        Assert.Equal(document.Slots, SlotsCsv.Read(SlotsCsv.Write(document.Map, null, forSpreadsheet: true), "again").Slots);
    }
}
