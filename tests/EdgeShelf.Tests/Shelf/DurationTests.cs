using EdgeShelf.Cli;
using EdgeShelf.Configuration;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Tests.Shelf;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("200ms", 200)]
    [InlineData("0.5ms", 0.5)]
    [InlineData("10m", 600_000)]
    [InlineData("2 min", 120_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("00:01:30", 90_000)]
    [InlineData("0:00:00.2", 200)]
    [InlineData("48:00:00", 172_800_000)]
    [InlineData("30.00:00:00", 2_592_000_000)]
    [InlineData("1.2:00:00", 93_600_000)]
    [InlineData("0", 0)]
    [InlineData("00:00:00", 0)]
    [InlineData(" 5s ", 5_000)]
    public void EveryFormIsRead(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan value, out string? problem), problem);
        Assert.Equal(milliseconds, value.TotalMilliseconds);
        Assert.True(SettingsBinder.TryParse(text, typeof(TimeSpan), out object? setting));
        Assert.Equal(value, setting);
    }

    [Theory]
    [InlineData("1", "a number needs a unit: write 90s, 10m, 2h or 00:01:30")]
    [InlineData("90", "a number needs a unit")]
    [InlineData("0.5", "a number needs a unit")]
    [InlineData("5:00", "a time is needed: write 90s, 10m, 2h or 00:01:30")]
    [InlineData("00:00:90", "minutes and seconds go from 00 to 59")]
    [InlineData("00:60:00", "minutes and seconds go from 00 to 59")]
    [InlineData("1.24:00:00", "hours beside days go from 00 to 23")]
    [InlineData("", "a time is needed")]
    [InlineData("soon", "a time is needed")]
    [InlineData("-5s", "a time is needed")]
    [InlineData("-00:00:05", "a time is needed")]
    [InlineData("1e3s", "a time is needed")]
    [InlineData("NaN", "a time is needed")]
    [InlineData("5s\n6s", "a time is needed")]
    [InlineData("٣s", "a time is needed")]
    [InlineData("99999999999d", "longer than")]
    [InlineData("9999999999999999999999999999999999s", "too many digits")]
    [InlineData("99999999999999:00:00", "longer than")]
    public void AnythingElseIsRefusedWithWhatToWrite(string text, string expected)
    {
        Assert.False(Duration.TryParse(text, out _, out string? problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.02, "20 ms")]
    [InlineData(0.5, "0.5 s")]
    [InlineData(30, "30 s")]
    [InlineData(90, "90 s")]
    [InlineData(120, "2 min")]
    [InlineData(86_400, "24 h")]
    [InlineData(259_200, "3 d")]
    public void TheTextIsShortAndIsReadAgain(double seconds, string text)
    {
        Assert.Equal(text, Duration.Text(TimeSpan.FromSeconds(seconds)));
        Assert.True(Duration.TryParse(text, out TimeSpan again, out _));
        Assert.Equal(seconds, again.TotalSeconds);
    }

    /// <summary>These four were taken, or ended the program with exit code 134.</summary>
    [Theory]
    [InlineData("00:00:90")]
    [InlineData("1")]
    [InlineData("5:00")]
    [InlineData("48:00:00")]
    public async Task ValidateNamesATimeThatIsNotMeant(string interval)
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("config", "validate", "--set", $"Capture:Interval={interval}", "--set", "Capture:Folder:Path=/tmp");

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("Capture:Interval is ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("00:00:90")]
    [InlineData("0")]
    [InlineData("90d")]
    [InlineData("")]
    public async Task TheDemoRefusesSuchAnIntervalToo(string interval)
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("demo", "--once", "--interval", interval);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("--interval is ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ASettingIsBoundWithTheSameForms()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection([new("Capture:Interval", "90s"), new("Publish:MaxAge", "7d")]).Build();

        Assert.Empty(ConfigurationCheck.KeyProblems(settings));
        Assert.Equal(TimeSpan.FromSeconds(90), SettingsBinder.Read(settings.GetSection("Capture"), EdgeShelf.Capture.CaptureJson.Default.CaptureOptions).Interval);
        Assert.Equal(TimeSpan.FromDays(7), SettingsBinder.Read(settings.GetSection("Publish"), EdgeShelf.Publish.PublishJson.Default.PublishOptions).MaxAge);
    }
}
