using System.Text;
using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models.Making;

public sealed class PictureListTests : IDisposable
{
    static readonly IReadOnlyList<ClassLabel> Labels = [new(0, "Milk", "Milk", null), new(1, "Oat, plain", "Oat drink", null)];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ClassesAreNamedByLabelOrByNumber()
    {
        _folder.Write("a.jpg", "");

        Assert.Equal([1, 0], Read("path,label\na.jpg,\"Oat, plain\"\na.jpg,Milk\n"));
        Assert.Equal([1, 0], Read("path,class_id\na.jpg,1\na.jpg,0\n"));
        Assert.Equal([1, 0], Read("label,path,class_id\nwhatever,a.jpg,1\nwhatever,a.jpg,0\n"));
    }

    [Fact]
    public void ALabelThatTheModelDoesNotHaveIsNamedWithItsLine()
    {
        _folder.Write("a.jpg", "");

        Assert.Contains("line 3: the model has no label \"Butter\"", Refusal("path,label\na.jpg,Milk\na.jpg,Butter\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void ALabelSaysNothingWithoutTheNetworksLabels()
    {
        _folder.Write("a.jpg", "");

        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => PictureList.Read(_folder.Write("list.csv", "path,label\na.jpg,Milk\n"), null, null));

        Assert.Contains("--labels", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void AListWithoutClassesSaysWhichColumnsItHas() =>
        Assert.Contains("has the columns path,price; path,class_id or path,label are needed", Refusal("path,price\na.jpg,1\n"), StringComparison.Ordinal);

    [Fact]
    public void AnEmptyListSaysWhatALineIs() => Assert.Contains("lists no picture", Refusal("path,label\n"), StringComparison.Ordinal);

    [Fact]
    public void CalibrationNeedsNoClasses()
    {
        _folder.Write("a.jpg", "");

        Assert.Equal(new ListedPicture(_folder.File("a.jpg"), null), Assert.Single(PictureList.ReadAny(_folder.Write("list.csv", "path\na.jpg\n"), null)));
    }

    [Fact]
    public void AFolderOfOtherFormatsSaysWhatItHolds()
    {
        string folder = _folder.File("phone");
        Directory.CreateDirectory(folder);
        _folder.Write("phone/shelf.heic", "HEIC");

        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => PictureList.ReadAny(folder, null));

        Assert.Contains("shelf.heic was left out", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path;label\r\na.jpg;Milk\r\na.jpg;Oat, plain\r\n")]
    [InlineData("sep=;\r\npath;label\r\na.jpg;Milk\r\n;\r\na.jpg;Oat, plain\r\n")]
    [InlineData("path\tlabel\na.jpg\tMilk\na.jpg\tOat, plain")]
    [InlineData("note,path,label\n\"two\r\nlines, \"\"quoted\"\"\",a.jpg,Milk\n,a.jpg,\"Oat, plain\"\n")]
    public void WhatASpreadsheetWritesIsRead(string list)
    {
        _folder.Write("a.jpg", "");

        Assert.Equal([0, 1], Read(list));
        Assert.Equal([0, 1], Read("\uFEFF" + list));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UnicodeInSixteenBitsIsReadByItsMark(bool bigEndian)
    {
        _folder.Write("a.jpg", "");
        File.WriteAllText(_folder.File("list.csv"), "path,label\na.jpg,Milk\n", new UnicodeEncoding(bigEndian, byteOrderMark: true));

        Assert.Equal(0, Assert.Single(PictureList.Read(_folder.File("list.csv"), null, Labels)).Class);
    }

    [Fact]
    public void AnotherEncodingIsRefusedWithItsLineAndWhatToDo()
    {
        string list = _folder.File("list.csv");
        File.WriteAllBytes(list, [.. "path,label\na.jpg,"u8, 0xC4, .. "pple\n"u8]);
        ConfigurationException windows = Assert.Throws<ConfigurationException>(() => PictureList.Read(list, null, Labels));
        Assert.Contains("line 2: the byte 0xC4 is not UTF-8; the file is probably Windows-1252", windows.Message, StringComparison.Ordinal);
        Assert.Contains("iconv", windows.Hint, StringComparison.Ordinal);

        File.WriteAllText(list, "path,label\na.jpg,Milk\n", new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        Assert.Contains("UTF-16", Assert.Throws<ConfigurationException>(() => PictureList.Read(list, null, Labels)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AQuotationMarkThatIsNeverClosedIsNamedWithItsLine() =>
        Assert.Contains("line 2: a quotation mark is never closed", Refusal("path,label\n\"a.jpg,Milk\na.jpg,Milk\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("0,\"Mi\nlk\",", "U+000A")]
    [InlineData("0,Mi\elk,", "U+001B")]
    [InlineData("0,Milk,\"white\u202Eblack\"", "U+202E")]
    [InlineData("0,\uFFFDpple,", "lost when the text changed its encoding")]
    public void ALabelOrNameWithAControlCharacterIsRefusedWithItsLine(string line, string part)
    {
        string message = Assert.Throws<ConfigurationException>(() => LabelsFile.Read(_folder.Write("labels.csv", $"index,label,name\n{line}\n"))).Message;

        Assert.Contains("labels.csv, line 2", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsInTwoUnicodeFormsAreTheSame()
    {
        Assert.Contains("\u00C4pple\" is there twice", Assert.Throws<ConfigurationException>(() =>
            LabelsFile.Read(_folder.Write("labels.csv", "index,label\n0,\u00C4pple\n1,A\u0308pple\n"))).Message, StringComparison.Ordinal);
        Assert.Equal("\u00C4pple", LabelsFile.Read(_folder.Write("labels.csv", "index,label\n0,A\u0308pple\n"))[0].Label);
    }

    /// <summary>NFC as Python's unicodedata gives it for a label of several scripts: Vietnamese with two marks, Polish, Greek, Japanese, Korean.</summary>
    [Theory]
    [InlineData("e\u0323\u0302", "\u1EC7")]
    [InlineData("z\u0307 o\u0301", "\u017C \u00F3")]
    [InlineData("\u03B1\u0301", "\u03AC")]
    [InlineData("\u304B\u3099", "\u304C")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("milk\u0308", "milk\u0308")]
    public void LettersAndTheirMarksBecomeOneCode(string decomposed, string composed) => Assert.Equal(composed, UnicodeForm.Compose(decomposed));

    IEnumerable<int?> Read(string list) => PictureList.Read(_folder.Write("list.csv", list), null, Labels).Select(picture => picture.Class);

    string Refusal(string list) => Assert.Throws<ConfigurationException>(() => Read(list)).Message;
}
