using EdgeShelf.Doctor;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Doctor;

/// <summary>The checks that read Linux' own small files, against such files.</summary>
public sealed class SystemChecksTests : IDisposable
{
    readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("0", "52300", "fine", "52 °C")]
    [InlineData("0", "81000", "warning", "slowed down")]
    [InlineData("50005", "60000", "fault", "too weak right now")]
    [InlineData("10000", "60000", "warning", "too weak since the start")]
    [InlineData("40000", "60000", "warning", "was slowed down since")]
    public async Task ThrottlingBitsAndHeatAreToldApart(string flags, string temperature, string severity, string words)
    {
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", flags);
        Write("sys/class/thermal/thermal_zone0/temp", temperature);

        Finding finding = await new TemperatureCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(severity, finding.Severity.ToString(), ignoreCase: true);
        Assert.Contains(words, finding.Found, StringComparison.Ordinal);
        Assert.Equal(finding.Severity == Severity.Fine, finding.ToDo is null);
    }

    [Fact]
    public async Task AMachineThatTellsNothingIsNoFault()
    {
        Assert.Equal(Severity.Fine, (await new TemperatureCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken)).Severity);
        Assert.Equal(Severity.Fine, (await new BoardCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken)).Severity);
        Assert.Equal(Severity.Warning, (await new RightsCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken)).Severity);
    }

    [Fact]
    public async Task TheBoardIsNamedAsItsDeviceTreeNamesIt()
    {
        Write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0");
        Write("etc/os-release", "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n");
        Write("proc/meminfo", "MemTotal:         380000 kB\n");

        Finding finding = await new BoardCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("Raspberry Pi 5 Model B Rev 1.0, Debian GNU/Linux 13 (trixie), ", finding.Found, StringComparison.Ordinal);
        Assert.Equal(Severity.Warning, finding.Severity);
    }

    [Theory]
    [InlineData("video:x:44:edgeshelf\ngpio:x:997:pi,edgeshelf\n", null)]
    [InlineData("video:x:44:edgeshelf\ngpio:x:997:pi\n", "is not in gpio")]
    [InlineData("video:x:44:\n", "is not in video and gpio")]
    public async Task MissingGroupsAreNamedWithTheCommandThatAddsThem(string groups, string? fault)
    {
        Write("etc/passwd", "root:x:0:0::/root:/bin/bash\nedgeshelf:x:996:996::/var/lib/edgeshelf:/usr/sbin/nologin\n");
        Write("etc/group", groups);

        Finding finding = await new RightsCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(fault is null ? Severity.Fine : Severity.Fault, finding.Severity);
        if (fault is not null)
        {
            Assert.EndsWith(fault, finding.Found, StringComparison.Ordinal);
            Assert.Contains("sudo adduser edgeshelf gpio", finding.ToDo, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, "644")]
    public async Task APasswordThatOthersCanOpenIsAWarningWithItsMode(UnixFileMode mode, string? told)
    {
        Write("etc/passwd", "edgeshelf:x:990:990::/:/usr/sbin/nologin\n");
        Write("etc/group", "video:x:44:edgeshelf\ngpio:x:997:edgeshelf\n");
        Write("etc/edgeshelf/mqtt-password", "on the shelf\n");
        File.SetUnixFileMode(Path.Combine(_root.Path, "etc/edgeshelf/mqtt-password"), mode);

        Finding finding = await new RightsCheck(_root.Path).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(told is null ? Severity.Fine : Severity.Warning, finding.Severity);
        if (told is not null)
        {
            Assert.Contains($"mode {told}", finding.Found, StringComparison.Ordinal);
            Assert.Contains("sudo chmod 600", finding.ToDo, StringComparison.Ordinal);
        }
    }

    void Write(string path, string text)
    {
        string full = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
