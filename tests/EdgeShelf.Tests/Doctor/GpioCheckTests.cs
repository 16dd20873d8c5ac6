using EdgeShelf.Capture.Gpio;
using EdgeShelf.Doctor;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Doctor;

public sealed class GpioCheckTests
{
    static readonly GpioChip Chip = new("/dev/gpiochip0", "pinctrl-bcm2711", 58);
    static readonly GpioOptions WithButton = new() { Button = new ButtonOptions { Line = BenchLine.Number } };

    [Fact]
    public async Task WithoutAButtonNothingIsOpened()
    {
        Finding finding = await CheckAsync(new GpioOptions(), () => throw new IOException("opened"));

        Assert.Equal(Severity.Fine, finding.Severity);
    }

    [Fact]
    public async Task AButtonThatWorksIsToldWithItsChipAndLevel()
    {
        Finding finding = await CheckAsync(WithButton, () => new BenchLine());

        Assert.Equal(Severity.Fine, finding.Severity);
        Assert.Equal("pinctrl-bcm2711: button on line 17 (high now)", finding.Found);
    }

    [Theory]
    [InlineData("pinctrl-bcm2711 line 17: Device or resource busy (16)", "fine", "in use")]
    [InlineData("/dev/gpiochip0: Permission denied (13)", "fault", "Permission denied")]
    public async Task ALineThatIsTakenIsFineAndOneThatMayNotBeOpenedAFault(string problem, string severity, string words)
    {
        Finding finding = await CheckAsync(WithButton, () => throw new IOException(problem));

        Assert.Equal(severity, finding.Severity.ToString(), ignoreCase: true);
        Assert.Contains(words, finding.Found, StringComparison.Ordinal);
    }

    static Task<Finding> CheckAsync(GpioOptions options, Func<GpioLine> line) =>
        new GpioCheck(options, () => Chip, (_, _, _) => line()).RunAsync(TestContext.Current.CancellationToken);
}
