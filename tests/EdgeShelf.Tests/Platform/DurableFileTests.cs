using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Platform;

public sealed class DurableFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsReplacedWholeAndNothingIsLeftBesideIt()
    {
        DurableFile.Write(_folder.File("a"), "old"u8);
        DurableFile.Write(_folder.File("a"), "new"u8);

        Assert.Equal("new", File.ReadAllText(_folder.File("a")));
        Assert.Equal([_folder.File("a")], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(ReadableByAll.FileMode)]
    public void TheModeIsAsAskedWhateverTheUmaskIs(UnixFileMode mode)
    {
        DurableFile.Write(_folder.File("a"), "secret"u8, mode);

        Assert.Equal(mode, File.GetUnixFileMode(_folder.File("a")));
    }

    /// <summary>What a verb writes as root must not go through a link that the service's user has put there.</summary>
    [Fact]
    public void ALinkInThePlaceOfTheDraftIsNotFollowed()
    {
        File.WriteAllText(_folder.File("victim"), "untouched");
        File.CreateSymbolicLink(_folder.File("a.new"), _folder.File("victim"));

        DurableFile.Write(_folder.File("a"), "new"u8);

        Assert.Equal("untouched", File.ReadAllText(_folder.File("victim")));
        Assert.Equal("new", File.ReadAllText(_folder.File("a")));
    }

    [Fact]
    public void AFolderThatCannotBeMadeToLastIsSaid() =>
        Assert.ThrowsAny<IOException>(() => DurableFile.SyncFolder(_folder.File("absent")));
}
