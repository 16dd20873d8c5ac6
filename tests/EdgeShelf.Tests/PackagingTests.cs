using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests;

/// <summary>What the package does beside the program: read where it stands, because an installation needs a machine of its own.</summary>
public sealed class PackagingTests
{
    [Fact]
    public void EveryProjectHasItsPackagesLocked()
    {
        string[] projects = [.. Directory.GetFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories).Where(path => !path.Contains("/dist/", StringComparison.Ordinal))];

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), $"{project} has no packages.lock.json beside it."));
    }

    [Theory]
    [InlineData("net10.0/linux-arm64")]
    [InlineData("net10.0/linux-x64")]
    public void TheLockNamesThePackagesOfEachArchitecture(string target) =>
        Assert.Contains($"\"{target}\"", File.ReadAllText(Path.Combine(Checkout.Root, "src/EdgeShelf/packages.lock.json")), StringComparison.Ordinal);

    [Fact]
    public void TheServiceLeavesNoCoreDump() =>
        Assert.Contains("LimitCORE=0", File.ReadAllLines(Path.Combine(Checkout.Root, "systemd/edgeshelf.service")));

    /// <summary>The lines of the installer's script themselves, on a folder that stands for the root.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("on the shelf\n")]
    public void TheInstallerMakesThePasswordRootsAlone(string? before)
    {
        using TemporaryFolder root = new();
        string folder = Directory.CreateDirectory(root.File("etc/edgeshelf")).FullName;
        string password = Path.Combine(folder, "mqtt-password");
        if (before is not null)
        {
            File.WriteAllText(password, before);
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }
        string script = File.ReadAllText(Path.Combine(Checkout.Root, "scripts/debian/postinst"));
        int from = script.IndexOf("  password=", StringComparison.Ordinal);
        int to = script.IndexOf("chmod 600", StringComparison.Ordinal);
        Assert.True(from > 0 && to > from, "postinst no longer makes the password's file.");
        string part = root.Write("part", $"set -e\nDPKG_ROOT={root.Path}\n{script[from..script.IndexOf('\n', to)]}\n");

        using (var shell = System.Diagnostics.Process.Start("sh", [part]))
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(password));
        Assert.Equal(before ?? "\n", File.ReadAllText(password));
    }
}
