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

    /// <summary>A power cut between the write and the rename left a file that nothing ever deleted.</summary>
    [Fact]
    public void DraftsOfAPowerCutAreRemovedAndNothingElse()
    {
        string[] kept = ["notes.new", "a.json", "outbox.db.copy", "a.abcdefgh.ijk.new.txt", "a.ABCDEFGH.ijk.new"];
        foreach (string name in (string[])[.. kept, "in-use.json.p3o5fz2k.1ab.new", "web-token.00000000.000.new"])
            File.WriteAllText(_folder.File(name), "half a fi");
        File.CreateSymbolicLink(_folder.File("link.p3o5fz2k.1ab.new"), _folder.File("a.json"));

        Assert.Equal(2, DurableFile.RemoveDrafts(_folder.Path));

        Assert.Equal(
            [.. kept.Append("link.p3o5fz2k.1ab.new").Order(StringComparer.Ordinal)],
            Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ADraftThatIsBeingWrittenStays()
    {
        string draft = _folder.File("in-use.json.p3o5fz2k.1ab.new");
        using (new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            Assert.Equal(0, DurableFile.RemoveDrafts(_folder.Path));

        Assert.Equal(1, DurableFile.RemoveDrafts(_folder.Path));
        Assert.Equal(0, DurableFile.RemoveDrafts(_folder.File("absent")));
    }

    /// <summary>The names that the removal looks for are those that a write gives: it is interrupted here before the rename.</summary>
    [Fact]
    public void TheDraftOfAWriteThatWasInterruptedIsRecognized()
    {
        Directory.CreateDirectory(_folder.File("a"));
        using FileSystemWatcher watcher = new(_folder.Path) { EnableRaisingEvents = true };
        System.Collections.Concurrent.BlockingCollection<string> made = [];
        watcher.Created += (_, created) => made.Add(created.Name!);

        // A folder in the place of the file: the draft is written, and the rename fails.
        Assert.ThrowsAny<IOException>(() => DurableFile.Write(_folder.File("a"), "new"u8));
        string draft = made.Take(TestContext.Current.CancellationToken);
        File.WriteAllText(_folder.File(draft), "half");

        Assert.Equal(1, DurableFile.RemoveDrafts(_folder.Path));
    }

    [Fact]
    public void AFolderThatCannotBeMadeToLastIsSaid() =>
        Assert.ThrowsAny<IOException>(() => DurableFile.SyncFolder(_folder.File("absent")));
}
