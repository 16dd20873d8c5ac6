using EdgeShelf.Capture.Gpio;
using EdgeShelf.Shelf;

namespace EdgeShelf.Tests.Capture.Gpio;

public sealed class GpioChipTests
{
    static readonly GpioChip Firmware = new("/dev/gpiochip1", "raspberrypi-exp-gpio", 8);
    static readonly GpioChip Pi4Header = new("/dev/gpiochip0", "pinctrl-bcm2711", 58);
    static readonly GpioChip Pi5Header = new("/dev/gpiochip4", "pinctrl-rp1", 54);
    static readonly GpioChip Pi5Wide = new("/dev/gpiochip9", "gpio-brcmstb@107d508500", 96);

    [Fact]
    public void TheChipBehindTheHeaderIsFoundByItsLabelWhateverItsNumber()
    {
        Assert.Equal(Pi4Header, GpioChip.Choose([Firmware, Pi4Header], null, null));
        Assert.Equal(Pi5Header, GpioChip.Choose([Firmware, Pi5Wide, Pi5Header], null, null));
        Assert.Equal("/dev/gpiochip0", GpioChip.Choose([Pi5Header with { Path = "/dev/gpiochip0" }, Firmware], null, null).Path);
    }

    [Fact]
    public void OnAnotherBoardTheChipWithTheMostLinesIsTaken()
    {
        Assert.Equal(Pi5Wide, GpioChip.Choose([Firmware, Pi5Wide], null, null));
    }

    [Fact]
    public void AConfiguredLabelWins()
    {
        Assert.Equal(Firmware, GpioChip.Choose([Firmware, Pi4Header], "raspberrypi-exp-gpio", null));
    }

    [Fact]
    public void AWrongLabelIsAnsweredWithThoseThereAre()
    {
        EdgeShelfException problem = Assert.Throws<EdgeShelfException>(() => GpioChip.Choose([Firmware, Pi4Header], "pinctrl-rp1", null));

        Assert.Contains("pinctrl-rp1", problem.Message, StringComparison.Ordinal);
        Assert.Contains("pinctrl-bcm2711 (58 lines)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutRightsTheHintNamesTheGroup()
    {
        EdgeShelfException problem = Assert.Throws<EdgeShelfException>(() => GpioChip.Choose([], null, "/dev/gpiochip0: Permission denied (13)"));

        Assert.Contains("Permission denied", problem.Message, StringComparison.Ordinal);
        Assert.Contains("group gpio", problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pinctrl-rp1")]
    public void WithoutAnyChipTheErrorSaysSoAndWhichSettingsToRemove(string? label)
    {
        EdgeShelfException problem = Assert.Throws<EdgeShelfException>(() => GpioChip.Choose([], label, null));

        Assert.Equal("This computer has no GPIO chip.", problem.Message);
        Assert.Contains("Remove Capture:Gpio:Button:Line and Capture:Gpio:Led:Line", problem.Hint, StringComparison.Ordinal);
    }
}
