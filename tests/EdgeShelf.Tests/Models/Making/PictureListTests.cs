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

    IEnumerable<int?> Read(string list) => PictureList.Read(_folder.Write("list.csv", list), null, Labels).Select(picture => picture.Class);

    string Refusal(string list) => Assert.Throws<ConfigurationException>(() => Read(list)).Message;
}
