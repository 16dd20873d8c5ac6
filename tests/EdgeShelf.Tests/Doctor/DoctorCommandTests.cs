using System.Text.Json;
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
        Assert.Equal(exitCode, report.RootElement.GetProperty("faults").GetInt32());
        Assert.True(exitCode > 0);
    }
}
