using System.Text;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Recognition.Plan;

public sealed class PlanogramDocumentTests
{
    [Fact]
    public void WhatIsWrittenIsReadAgainAndHoldsToTheSchema()
    {
        Planogram planogram = new(
            "bay-4", "12", new DateTimeOffset(2026, 8, 1, 6, 0, 0, TimeSpan.Zero),
            [new Product("tall-kitchen-bags", "Müllbeutel \"groß\"", "0012", "4006381333931"), new Product("tea", null, null, null)],
            [new Position("1-01", 1, 3, "tea", 2), new Position("1-02", null, null, "tall-kitchen-bags", 1)]);
        PlanogramDocument document = new(planogram) { Number = 4, ChangedAt = planogram.ValidFrom, ChangedBy = PlanSource.Request };

        byte[] json = document.ToJson([]);
        PlanogramDocument again = PlanogramDocument.Parse(json);

        Schemas.AssertValid("planogram", Encoding.UTF8.GetString(json));
        Assert.Equal(planogram.Products, again.Planogram.Products);
        Assert.Equal(planogram.Positions, again.Planogram.Positions);
        Assert.Equal((planogram.Id, planogram.ValidFrom, 4, PlanSource.Request), (again.Planogram.Id, again.Planogram.ValidFrom, again.Number, again.ChangedBy));
    }

    [Theory]
    [InlineData("""{"schema":1,"name":"n","version":"1","products":[],"positions":[]}""")]
    [InlineData("""{"name":"n","version":"1","products":[],"positions":[]}""")]
    [InlineData("""{"schema":1,"revision":2,"if_revision":1,"name":"n","version":"1","valid_from":"2026-08-01T08:00:00+02:00","products":[{"label":"a","name":null,"sku":null,"gtin":"96385074"}],"positions":[{"slot":"s","shelf":null,"position":null,"label":"a","facings":null}]}""")]
    public void TheSchemaAndTheParserAccept(string json)
    {
        Assert.True(Schemas.IsValid("planogram", json));
        PlanogramDocument.Parse(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>What can be taught can be expected: the length counts characters, as it does when a product is taught.</summary>
    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void ALabelHasAtMost200Characters(int length, bool isAllowed)
    {
        string label = string.Concat(Enumerable.Repeat("\U0001F34E", length));
        string json = $$"""{"name":"n","version":"1","products":[{"label":"{{label}}"}],"positions":[{"slot":"1","label":"{{label}}"}]}""";

        Assert.Equal(isAllowed, Schemas.IsValid("planogram", json));
        Exception? problem = Record.Exception(() => PlanogramDocument.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(isAllowed, problem is null);
        Assert.Equal(isAllowed, Record.Exception(() => ProductText.ProductLabel(label)) is null);
    }

    [Theory]
    [InlineData("\"name\":\"n\"", "\"name\":\"\"", "name is empty")]
    [InlineData("\"name\":\"n\"", "\"name\":\"  \"", "name is empty")]
    [InlineData("\"name\":\"n\"", "\"name\":\"a\\u0007b\"", "name holds the control character U+0007")]
    [InlineData("\"name\":\"n\",", "", "name is missing")]
    [InlineData("\"version\":\"1\"", "\"version\":12", "version is 12; a text is needed")]
    [InlineData("\"version\":\"1\"", "\"version\":\"12345678901234567890123456789012345678901234567890123456789012345\"", "version has 65 characters; at most 64")]
    [InlineData("\"valid_from\":null", "\"valid_from\":\"2026-08-01\"", "valid_from is \"2026-08-01\"; a time with its offset is needed")]
    [InlineData("\"valid_from\":null", "\"valid_from\":\"2026-08-01T08:00:00\"", "a time with its offset")]
    [InlineData("\"valid_from\":null", "\"valid_from\":1785571200", "a time with its offset")]
    [InlineData("\"label\":\"tea\",\"name\"", "\"label\":\"empty\",\"name\"", "the label \"empty\" means a place without goods")]
    [InlineData("\"sku\":\"12\"", "\"sku\":\"\"", "products[0]: sku is empty")]
    [InlineData("\"gtin\":\"4006381333931\"", "\"gtin\":\"400638133393\u0001\"", "not valid JSON", false)]
    [InlineData("\"gtin\":\"4006381333931\"", "\"gtin\":\"40063813339\"", "gtin \"40063813339\" has 11 digits")]
    [InlineData("\"gtin\":\"4006381333931\"", "\"gtin\":\"4.00638E+12\"", "was rounded by a spreadsheet")]
    [InlineData("\"gtin\":\"4006381333931\"", "\"gtin\":4006381333931", "gtin is 4006381333931; a text is needed")]
    [InlineData("\"gtin\":\"4006381333931\"", "\"price\":1", "the field `price` is unknown")]
    [InlineData("\"slot\":\"1-01\",", "", "positions[0]: slot is missing")]
    [InlineData("\"slot\":\"1-01\"", "\"slot\":\"1/01\"", "the name \"1/01\" is not allowed")]
    [InlineData("\"facings\":1", "\"facings\":0", "facings is 0; a whole number from 1 to 100")]
    [InlineData("\"facings\":1", "\"facings\":1.5", "facings is 1.5")]
    [InlineData("\"facings\":1", "\"facings\":\"2\"", "facings is \"2\"")]
    [InlineData("\"position\":1", "\"position\":0", "position is 0")]
    [InlineData("\"label\":\"tea\",\"facings\"", "\"label\":\"empty\",\"facings\"", "the label \"empty\"")]
    [InlineData("\"label\":\"tea\",\"facings\"", "\"facings\"", "positions[0]: label is missing")]
    [InlineData("\"positions\":[", "\"positions\":7,\"x\":[", "positions is 7; a list is needed")]
    public void TheSchemaAndTheParserRefuse(string right, string wrong, string problem, bool isJson = true)
    {
        const string Sample = """{"schema":1,"name":"n","version":"1","valid_from":null,"products":[{"label":"tea","name":"Tea","sku":"12","gtin":"4006381333931"}],"positions":[{"slot":"1-01","shelf":1,"position":1,"label":"tea","facings":1}]}""";
        Assert.True(Schemas.IsValid("planogram", Sample));
        string json = Sample.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Sample, json);

        if (isJson)
            Assert.False(Schemas.IsValid("planogram", json));
        Assert.Contains(problem, Refusal(json).Message, StringComparison.Ordinal);
    }

    /// <summary>What a schema cannot say.</summary>
    [Fact]
    public void TwoProductsOfALabelTwoPositionsOfASlotAndAWrongCheckDigitAreNamed()
    {
        PlanProblemsException refused = Refusal(
            """
            {"schema":1,"name":"n","version":"1",
             "products":[{"label":"tea"},{"label":" tea "},{"label":"cocoa","gtin":"4006381333932"}],
             "positions":[{"slot":"a","label":"tea"},{"slot":"a","label":"cocoa"}]}
            """);

        Assert.Equal("bad-planogram", refused.Code);
        Assert.Equal(
            ["products[2]: gtin \"4006381333932\" ends in 2, but its check digit is 1", "the product \"tea\" is there twice; once is allowed", "slot a has 2 positions; one is allowed"],
            refused.Problems);
    }

    /// <summary>GTINs of each length, from packages; their last digit is the check digit of the others.</summary>
    [Theory]
    [InlineData("96385074")]
    [InlineData("036000291452")]
    [InlineData("4006381333931")]
    [InlineData("00012345600012")]
    public void AGtinIsRightWithItsCheckDigitOnly(string gtin)
    {
        Assert.Null(Gtin.Problem(gtin));
        for (char digit = '0'; digit <= '9'; digit++)
            Assert.Equal(digit == gtin[^1], Gtin.Problem(gtin[..^1] + digit) is null);
    }

    [Fact]
    public void ALabelIsTheSameHoweverItWasTyped() =>
        Assert.Equal("café", PlanogramDocument.Parse("{\"schema\":1,\"name\":\"n\",\"version\":\"1\",\"products\":[{\"label\":\" cafe\\u0301 \"}],\"positions\":[]}"u8.ToArray()).Planogram.Products[0].Label);

    [Fact]
    public void DoubleNumbersAndAnotherShelfAreWarnedOf()
    {
        Planogram planogram = new("n", "1", null, [new Product("a", null, "7", "96385074"), new Product("b", null, "7", "96385074")], [new Position("s", 2, null, "a", 1)]);

        IReadOnlyList<string> warnings = PlanogramRules.Warnings(planogram, new SlotMap(1, [new Slot("s", 1, new Region(0, 0, 1, 1))], null));

        Assert.Equal(
            ["the products a, b have the same GTIN 96385074", "the products a, b have the same SKU 7", "the planogram has slot s on shelf 2; it was drawn on shelf 1"], warnings);
    }

    [Fact]
    public void ProductsAreFoundByAnyWordOfAnyOfTheirTexts()
    {
        Planogram planogram = new("n", "1", null, [new Product("tall-bags", "Tall Kitchen Bags", "0012", null), new Product("tea", "Grüner Tee", null, "4006381333931")], []);
        Product[] known = [new("zebra", null, null, null), new("apple", "Apple", null, null), new("tea", null, null, null), new("empty", null, null, null)];

        Assert.Equal(["tall-bags", "tea", "zebra", "apple"], ProductList.Find(null, planogram, known).Select(product => product.Label));
        Assert.Equal(["tall-bags"], ProductList.Find("bags kitchen", planogram, known).Select(product => product.Label));
        Assert.Equal(["tea"], ProductList.Find("400638", planogram, known).Select(product => product.Label));
        Assert.Equal(["tea"], ProductList.Find("GRÜN", planogram, known).Select(product => product.Label));
        Assert.Equal(["tall-bags"], ProductList.Find(" 0012 ", planogram, known).Select(product => product.Label));
        Assert.Empty(ProductList.Find("bags zebra", planogram, known));
    }

    static PlanProblemsException Refusal(string json) => Assert.Throws<PlanProblemsException>(() => PlanogramDocument.Parse(Encoding.UTF8.GetBytes(json)));
}
