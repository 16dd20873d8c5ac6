using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using EdgeShelf.Fleet;
using EdgeShelf.Models;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>Model folders as archives, also those that were made to do harm.</summary>
public sealed class ModelArchiveTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Target => _folder.File("in/model");

    public ModelArchiveTests() => Directory.CreateDirectory(_folder.File("in"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelComesOutAsItWentIn()
    {
        string folder = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        File.WriteAllText(Path.Combine(folder, ".DS_Store"), "left by an editor");

        ModelArchive.Unpack(Packed(folder), Target, Cancellation);

        using LoadedModel model = ModelFolder.Load(Target, threads: 1);
        Assert.Equal(TinyModel.Name, model.Manifest.Name);
        Assert.Equal(Files(folder).Where(name => name != ".DS_Store"), Files(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.File("in")));
    }

    [Fact]
    public void TheSameFilesGiveTheSameBytes()
    {
        string folder = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        byte[] first = Packed(folder).ToArray();
        foreach (string file in Directory.GetFiles(folder))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        Assert.Equal(first, Packed(folder).ToArray());
    }

    [Theory]
    [InlineData("shop-0007/", "")]
    [InlineData("", "shop-0007/")]
    [InlineData("./", "")]
    public void TheFilesMayStandInOneFolder(string prefix, string folder)
    {
        MemoryStream archive = Tar(tar =>
        {
            if (prefix.Length > 0)
                tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, prefix));
            Add(tar, $"{prefix}{folder}manifest.json", "{}");
            Add(tar, $"{prefix}{folder}golden/kiwi.jpg", "a picture");
        });

        ModelArchive.Unpack(archive, Target, Cancellation);

        Assert.Equal(["golden/kiwi.jpg", "manifest.json"], Files(Target));
    }

    [Theory]
    [InlineData("../manifest.json")]
    [InlineData("a/../../manifest.json")]
    [InlineData("/etc/edgeshelf/fleet.pub")]
    [InlineData("a//b")]
    [InlineData(".hidden")]
    [InlineData("a\\..\\b")]
    [InlineData("a\nb")]
    [InlineData("1/2/3/4/5/6")]
    public void ANameThatCouldLeadElsewhereIsRefused(string name) =>
        AssertRefused(Tar(tar => Add(tar, name, "x")), "is not allowed");

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "a link")]
    [InlineData(TarEntryType.HardLink, "a hard link")]
    [InlineData(TarEntryType.Fifo, "a pipe")]
    [InlineData(TarEntryType.CharacterDevice, "a device")]
    [InlineData(TarEntryType.BlockDevice, "a device")]
    public void OnlyFilesAndFoldersAreLetIn(TarEntryType type, string words) => AssertRefused(
        Tar(tar =>
        {
            AddOdd(tar, type);
            Add(tar, "manifest.json", "{}");
        }), words);

    [Fact]
    public void AnExtendedHeaderIsRefusedBeforeItIsRead()
    {
        byte[] header = new byte[512];
        "x"u8.CopyTo(header);
        // A size of 8 GiB less one byte.
        "77777777777\0"u8.CopyTo(header.AsSpan(124));
        header[156] = (byte)'x';
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(value => value) + (8 * ' '), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);

        AssertRefused(Compressed(header), "an extended header");
    }

    [Fact]
    public void ABombIsDefusedAtTheLimit()
    {
        byte[] zeros = new byte[8 << 20];
        MemoryStream archive = Tar(tar => Add(tar, "manifest.json", zeros));
        Assert.True(archive.Length < 100_000);

        AssertRefused(archive, "more than 1048576 bytes", maxBytes: 1 << 20);
    }

    [Fact]
    public void ManyFilesAreRefused() => AssertRefused(
        Tar(tar =>
        {
            for (int i = 0; i <= ModelArchive.MaxEntries; i++)
                Add(tar, $"file-{i}", "");
        }), "more than 200 files");

    [Fact]
    public void OneNameTwiceOrAFileAsAFolderIsRefused()
    {
        AssertRefused(Tar(tar =>
        {
            Add(tar, "manifest.json", "{}");
            Add(tar, "manifest.json", "[]");
        }), "twice");
        AssertRefused(Tar(tar =>
        {
            Add(tar, "a", "a file");
            Add(tar, "a/b", "below it");
        }), "below a file");
    }

    [Fact]
    public void WhatIsNoArchiveOrEndsTooEarlyIsRefused()
    {
        MemoryStream whole = Packed(Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name));

        AssertRefused(new MemoryStream("not an archive"u8.ToArray()), "cannot be unpacked");
        AssertRefused(Compressed(new byte[1024]), "empty");
        AssertRefused(new MemoryStream(whole.ToArray()[..(int)(whole.Length * 2 / 3)]), "cannot be unpacked");
        AssertRefused(Tar(tar => Add(tar, "readme.txt", "no model")), "no manifest.json");
    }

    [Fact]
    public void AFolderWithALinkIsNotPacked()
    {
        string folder = Path.Combine(TinyModel.WriteTo(_folder.Path), TinyModel.Name);
        File.CreateSymbolicLink(Path.Combine(folder, "secret"), "/etc/hostname");

        Assert.Contains("is a link", Assert.Throws<ConfigurationException>(() => Packed(folder)).Message, StringComparison.Ordinal);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    void AssertRefused(MemoryStream archive, string words, long maxBytes = ModelArchive.MaxUnpackedBytes)
    {
        FleetException refused = Assert.Throws<FleetException>(() => ModelArchive.Unpack(archive, Target, Cancellation, maxBytes));

        Assert.Equal(FleetException.BadArchive, refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("in")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), file => file.EndsWith("manifest.json", StringComparison.Ordinal));
    }

    static MemoryStream Packed(string folder)
    {
        MemoryStream archive = new();
        ModelArchive.Pack(folder, archive);
        archive.Position = 0;
        return archive;
    }

    static MemoryStream Tar(Action<TarWriter> write)
    {
        MemoryStream plain = new();
        using (TarWriter tar = new(plain, TarEntryFormat.Gnu, leaveOpen: true))
            write(tar);
        return Compressed(plain.ToArray());
    }

    static MemoryStream Compressed(byte[] tar)
    {
        MemoryStream archive = new();
        using (GZipStream compressed = new(archive, CompressionLevel.Optimal, leaveOpen: true))
            compressed.Write(tar);
        archive.Position = 0;
        return archive;
    }

    static void AddOdd(TarWriter tar, TarEntryType type)
    {
        UstarTarEntry entry = new(type, "odd");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "/etc/passwd";
        tar.WriteEntry(entry);
    }

    static void Add(TarWriter tar, string name, string content) => Add(tar, name, Encoding.UTF8.GetBytes(content));

    static void Add(TarWriter tar, string name, byte[] content) => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
