using EdgeShelf.Configuration;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli.Setup;

public sealed class SettingsEditTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OtherSettingsStayAndKeysAreFoundInAnyCase()
    {
        string file = _folder.Write("edgeshelf.json", """{ "capture": { "interval": "90s", "Folder": { "Path": "/a" } }, "Log": { "Level": "Debug" } }""");

        SettingsEdit edit = SettingsEdit.Open(file);
        edit.Set("Capture:Interval", "10s");
        edit.Set("Capture:Gpio:Led:Line", 27);
        edit.Set("Capture:Folder:Path", null);
        Assert.True(edit.Write());

        Assert.Equal(
            """{"capture":{"interval":"10s","Folder":{},"Gpio":{"Led":{"Line":27}}},"Log":{"Level":"Debug"}}""",
            string.Concat(File.ReadAllText(file).Where(letter => !char.IsWhiteSpace(letter))));
    }

    [Fact]
    public void TheEarlierFileWithItsCommentsIsKeptAndThePermissionsStay()
    {
        string before = "{ // The camera above the door\n \"Capture\": { \"Camera\": \"http\", }, }";
        string file = _folder.Write("edgeshelf.json", before);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        SettingsEdit edit = SettingsEdit.Open(file);
        edit.Set("Capture:Camera", "auto");
        edit.Write();

        Assert.Equal(before, File.ReadAllText(edit.BackupPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public void AFileBehindALinkIsReplacedAndTheLinkStays()
    {
        string file = _folder.Write("real.json", "{}");
        string link = _folder.File("edgeshelf.json");
        File.CreateSymbolicLink(link, file);

        SettingsEdit edit = SettingsEdit.Open(link);
        edit.Set("Publish:Device", "shelf-07");
        edit.Write();

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Contains("shelf-07", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAChangeNothingIsWritten()
    {
        string file = _folder.File("edgeshelf.json");
        SettingsEdit first = SettingsEdit.Open(file);
        first.Set("Publish:Device", "shelf-07");
        Assert.True(first.Write());

        SettingsEdit second = SettingsEdit.Open(file);
        second.Set("Publish:Device", "shelf-07");

        Assert.False(second.Write());
        Assert.False(File.Exists(second.BackupPath));
    }

    [Fact]
    public void AFileThatIsNoConfigurationIsNotTouched()
    {
        string file = _folder.Write("edgeshelf.json", "{ \"Capture\": ");

        Assert.Throws<ConfigurationException>(() => SettingsEdit.Open(file));
        Assert.Equal("{ \"Capture\": ", File.ReadAllText(file));
    }
}
