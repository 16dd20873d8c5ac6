using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests;

/// <summary>`scripts/package.sh --repository` with small packages that have the product's name, and Debian's apt with a root of its own.</summary>
public sealed class AptRepositoryTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Repository => _folder.File("repository");

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void AptFindsTheNewestVersionAndFetchesIt(string architecture)
    {
        Publish(Package("1.2.3", "amd64"), Package("1.2.3", "arm64"), Package("1.10.0", "amd64"), Package("1.10.0", "arm64"));

        Apt(architecture, "[trusted=yes]", "update");

        Assert.Contains("Candidate: 1.10.0", Apt(architecture, "[trusted=yes]", "apt-cache", "policy", "edgeshelf"), StringComparison.Ordinal);
        Apt(architecture, "[trusted=yes]", "download", "edgeshelf");
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Repository, $"edgeshelf_1.10.0_{architecture}.deb")),
            File.ReadAllBytes(_folder.File($"edgeshelf_1.10.0_{architecture}.deb")));
    }

    [Fact]
    public void ALaterVersionJoinsTheEarlierOneAndDropsItsSignature()
    {
        Publish(Package("1.2.3", "arm64"));
        File.WriteAllText(Path.Combine(Repository, "InRelease"), "signed");

        Publish(Package("1.2.4", "arm64"));

        Assert.False(File.Exists(Path.Combine(Repository, "InRelease")));
        Apt("arm64", "[trusted=yes]", "update");
        string versions = Apt("arm64", "[trusted=yes]", "apt-cache", "madison", "edgeshelf");
        Assert.Contains("1.2.3", versions, StringComparison.Ordinal);
        Assert.Contains("1.2.4", versions, StringComparison.Ordinal);
    }

    /// <summary>The commands of systemd/README.md, with the folder of the test.</summary>
    [Fact]
    public void AptTrustsARepositoryThatIsSignedAsTheReadmeSays()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("gpg") is not null, "gpg is not installed.");
        string[] commands = [.. File.ReadLines(Path.Combine(Checkout.Root, "systemd", "README.md")).Where(line => line.StartsWith("gpg ", StringComparison.Ordinal)).Select(line => line.Split(" #")[0])];
        Assert.Equal(3, commands.Length);
        Publish(Package("1.2.3", "arm64"));
        Assert.Contains("is not signed", AptFails("arm64", "", "update"), StringComparison.Ordinal);

        // The agent that gpg starts ends with the test.
        Run(0, "sh", "-ec", $"""
            export GNUPGHOME={_folder.File("keys")}
            mkdir -m 700 $GNUPGHOME
            trap 'gpgconf --kill gpg-agent' EXIT
            cd {_folder.Path}
            {string.Join('\n', commands)}
            """);

        Assert.DoesNotContain("W: ", Apt("arm64", $"[signed-by={_folder.File("repository/shop.gpg")}]", "update"), StringComparison.Ordinal);
        Assert.Contains("Candidate: 1.2.3", Apt("arm64", $"[signed-by={_folder.File("repository/shop.gpg")}]", "apt-cache", "policy", "edgeshelf"), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAPackageItSaysWhatToDo()
    {
        Assert.Contains("build a package first", Run(1, Script, "--repository", Repository, _folder.File("none.deb")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Repository));
    }

    static string Script => Path.Combine(Checkout.Root, "scripts", "package.sh");

    void Publish(params string[] packages) => Run(0, Script, ["--repository", Repository, .. packages]);

    string Package(string version, string architecture)
    {
        string root = _folder.File($"package-{version}-{architecture}");
        Directory.CreateDirectory(Path.Combine(root, "DEBIAN"));
        File.WriteAllText(Path.Combine(root, "DEBIAN", "control"), $"Package: edgeshelf\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: Nobody <nobody@localhost>\nDescription: a stand-in\n");
        string deb = Path.Combine(Directory.CreateDirectory(_folder.File("dist")).FullName, $"edgeshelf_{version}_{architecture}.deb");
        Run(0, "dpkg-deb", "--root-owner-group", "--build", root, deb);
        return deb;
    }

    /// <param name="command">A verb of apt-get, or another program of apt with its arguments.</param>
    string Apt(string architecture, string options, params string[] command) => Apt(0, architecture, options, command);

    string AptFails(string architecture, string options, params string[] command) => Apt(100, architecture, options, command);

    string Apt(int exitCode, string architecture, string options, string[] command)
    {
        string root = _folder.File($"apt-{architecture}");
        foreach (string folder in (string[])["etc/apt/preferences.d", "etc/apt/apt.conf.d", "etc/apt/trusted.gpg.d", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        File.WriteAllText(Path.Combine(root, "etc/apt/sources.list"), $"deb {options} file:{Repository} ./\n");
        File.WriteAllText(Path.Combine(root, "var/lib/dpkg/status"), "");
        // The options keep apt away from this machine's own sources, lists and locks.
        string[] own =
        [
            "-o", $"Dir={root}", "-o", $"Dir::State::status={root}/var/lib/dpkg/status", "-o", $"APT::Architecture={architecture}", "-o", $"APT::Architectures={architecture}", "-o", "APT::Sandbox::User=root",
        ];
        string[] program = command[0] == "apt-cache" ? command : ["apt-get", .. command];
        return Run(exitCode, "sh", ["-c", "cd \"$0\" && exec \"$@\"", _folder.Path, program[0], .. own, .. program[1..]]);
    }

    string Run(int exitCode, string program, params string[] arguments)
    {
        foreach (string needed in (string[])["apt-ftparchive", "apt-get", "dpkg-deb"])
            Assert.SkipUnless(ProgramsOnPath.Find(needed) is not null, $"{needed} is not installed.");
        using EdgeShelfProcess process = EdgeShelfProcess.StartBy(_folder.Path, [program, .. arguments]);
        int ended = process.WaitForExit();
        Assert.True(ended == exitCode, $"{program} {string.Join(' ', arguments)} ended with {ended}: {process.Output}{process.Errors}");
        return process.Output + process.Errors;
    }
}
