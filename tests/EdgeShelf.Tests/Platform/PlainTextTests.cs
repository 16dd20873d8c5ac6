using EdgeShelf.Platform;

namespace EdgeShelf.Tests.Platform;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("Äpfel, 2 €", "Äpfel, 2 €")]
    [InlineData("a\n<0>b", "a\\x0A<0>b")]
    [InlineData("\r\t\0\x7f", "\\x0D\\x09\\x00\\x7F")]
    [InlineData("\x1b[2J", "\\x1B[2J")]
    [InlineData("\u009b2J", "\\x9B2J")]
    [InlineData("a\u2028b\u202Ec", "a\\u2028b\\u202Ec")]
    public void WhatATerminalOrAJournalWouldObeyIsShownAsACode(string? text, string shown) => Assert.Equal(shown, PlainText.Shown(text));

    [Fact]
    public void ALongTextIsCutAndNoCharacterInTwo()
    {
        Assert.Equal(new string('x', 200), PlainText.Shown(new string('x', 200)));
        Assert.Equal(new string('x', 200) + "…", PlainText.Shown(new string('x', 60_000)));
        Assert.Equal(new string('x', 199) + "…", PlainText.Shown(new string('x', 199) + "🍎🍎"));
    }
}
