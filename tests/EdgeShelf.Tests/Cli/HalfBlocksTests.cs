using EdgeShelf.Cli;

namespace EdgeShelf.Tests.Cli;

public sealed class HalfBlocksTests
{
    static readonly Rgb Red = new(255, 0, 0);

    [Fact]
    public void ATerminalWithColoursGetsTwoPixelsInEachCharacter()
    {
        using StringWriter terminal = new();
        using PlainWriter writer = new(terminal, hasColours: true);

        HalfBlocks.Write(writer, 1, 2, (_, row) => row == 0 ? Red : Rgb.White);

        Assert.Equal("\e[38;2;255;0;0;48;2;255;255;255m▀\e[0m\n", terminal.ToString());
    }

    [Fact]
    public void WithoutColoursDarkAndLightAreToldApart()
    {
        using StringWriter file = new();

        HalfBlocks.Write(file, 4, 3, (column, row) => (row < 2 ? ((column >> row) & 1) : 1) != 0 ? Rgb.White : Rgb.Black);

        Assert.Equal(" ▀▄█\n▀▀▀▀\n", file.ToString());
    }
}
