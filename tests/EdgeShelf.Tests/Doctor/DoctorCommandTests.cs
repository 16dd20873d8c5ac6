using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Doctor;

public sealed class DoctorCommandTests
{
    [Fact]
    public void BadSettingsAreAFaultAmongOthersAndNotTheEnd()
    {
        (int exitCode, string output, _) = EdgeShelfProcess.Run("doctor", "--json", "--set", "Capture:Camera=kodak", "--set", "Publish:Device=a/b");

        using JsonDocument report = JsonDocument.Parse(output);
        Dictionary<string, JsonElement> checks = report.RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("check").GetString()!);
        Assert.Equal("fault", checks["settings"].GetProperty("result").GetString());
        Assert.Contains("kodak", checks["settings"].GetProperty("found").GetString(), StringComparison.Ordinal);
        Assert.Contains("a/b", checks["settings"].GetProperty("found").GetString(), StringComparison.Ordinal);
        Assert.Contains("clock", checks.Keys);
        foreach ((string check, string why) in new[] { ("camera", "Capture:Camera is 'kodak'"), ("broker", "Publish:Device is 'a/b'") })
        {
            Assert.Equal("not-run", checks[check].GetProperty("result").GetString());
            Assert.StartsWith(why, checks[check].GetProperty("found").GetString(), StringComparison.Ordinal);
        }
        Assert.All(["gpio", "model", "outbox", "clock", "rights"], check => Assert.NotEqual("not-run", checks[check].GetProperty("result").GetString()));
        Assert.True(report.RootElement.GetProperty("faults").GetInt32() > 0);
        Assert.Equal(ExitCodes.Failed, exitCode);
    }

    [Theory]
    [InlineData("Capture:Interval=1", "camera", "gpio")]
    [InlineData("Capture:Gpio:Button:Line=red", "gpio", "broker")]
    [InlineData("Vision:Threads=0", "model", "camera")]
    [InlineData("Publish:MaxBytes=1", "broker", "outbox")]
    [InlineData("Vision:Threads=many", "model", "camera")]
    [InlineData("Publish:Image=perhaps", "broker", "gpio")]
    public async Task OnlyTheChecksThatNeedAWrongSettingAreLeftOut(string setting, string leftOut, string runs)
    {
        (int exitCode, string output, _) = await InProcess.RunAsync("doctor", "--set", setting, "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", "Capture:Folder:Path=/nowhere");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Matches($@"(?m)^FAULT +settings .*wrong", output);
        Assert.Matches($@"(?m)^not run +{leftOut} +.*{setting.Split('=')[0]}", output);
        Assert.DoesNotMatch($@"(?m)^not run +{runs} ", output);
        Assert.DoesNotContain("System.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOutboxThatCannotBeReadIsAFaultInPlainWords()
    {
        using TemporaryFolder folder = new();
        folder.Write(DurableOutbox.FileName, new string('x', 200));

        (_, string output, _) = await InProcess.RunAsync("doctor", "--set", $"Publish:Folder={folder.Path}", "--set", "Publish:Broker=mqtt://127.0.0.1:1", "--set", "Capture:Folder:Path=/nowhere");

        Assert.Contains($"FAULT    outbox       the outbox in {folder.Path} cannot be read", output, StringComparison.Ordinal);
        Assert.DoesNotContain("report it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithAFileThatIsNoConfigurationTheBoardIsStillLookedAt()
    {
        using TemporaryFolder folder = new();

        (int exitCode, string output, _) = await InProcess.RunAsync("doctor", "--config", folder.Write("edgeshelf.json", "{"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("FAULT    settings", output, StringComparison.Ordinal);
        Assert.Contains("not run  camera       the settings cannot be read", output, StringComparison.Ordinal);
        Assert.Contains(" clock ", output, StringComparison.Ordinal);
        Assert.Matches(@"\n1 fault, ", output);
    }
}
