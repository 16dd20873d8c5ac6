namespace EdgeShelf.Capture.Gpio;

/// <summary>The `Capture:Gpio` section: an optional push button and an optional light.</summary>
sealed class GpioOptions
{
    /// <summary>The label of the chip, as `gpiodetect` shows it. Empty: the one behind the 40-pin header, or else the one with the most lines.</summary>
    public string? Chip { get; set; }

    public ButtonOptions Button { get; set; } = new();
    public LedOptions Led { get; set; } = new();
}

sealed class ButtonOptions
{
    /// <summary>The line, on a Raspberry Pi the BCM number of the pin. Empty: no button.</summary>
    public int? Line { get; set; }

    public Pull Pull { get; set; } = Pull.Up;

    /// <summary>A press pulls the line to ground.</summary>
    public bool ActiveLow { get; set; } = true;

    /// <summary>How long the contact must hold for a press to count.</summary>
    public TimeSpan Debounce { get; set; } = TimeSpan.FromMilliseconds(20);
}

/// <summary>The resistor inside the chip that gives an open line its level.</summary>
enum Pull { None, Up, Down }

sealed class LedOptions
{
    /// <summary>The line, on a Raspberry Pi the BCM number of the pin. Empty: no light.</summary>
    public int? Line { get; set; }

    /// <summary>The light is on when the line is at ground.</summary>
    public bool ActiveLow { get; set; }
}
