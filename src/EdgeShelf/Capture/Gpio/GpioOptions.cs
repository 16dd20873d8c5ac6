namespace EdgeShelf.Capture.Gpio;

/// <summary>The `Capture:Gpio` section: an optional push button and an optional LED.</summary>
sealed class GpioOptions
{
    /// <summary>The label of the chip, as `gpiodetect` shows it. Empty means the chip of the 40-pin header, or else the chip with the most lines.</summary>
    public string? Chip { get; set; }

    public ButtonOptions Button { get; set; } = new();
    public LedOptions Led { get; set; } = new();
}

sealed class ButtonOptions
{
    /// <summary>The line; on a Raspberry Pi, the BCM number of the pin. Empty means no button.</summary>
    public int? Line { get; set; }

    public Pull Pull { get; set; } = Pull.Up;

    /// <summary>Whether a press pulls the line to ground.</summary>
    public bool ActiveLow { get; set; } = true;

    /// <summary>The minimum time that the contact must be closed for a press to count.</summary>
    public TimeSpan Debounce { get; set; } = TimeSpan.FromMilliseconds(20);
}

/// <summary>The resistor inside the chip that defines the level of an open line.</summary>
enum Pull { None, Up, Down }

sealed class LedOptions
{
    /// <summary>The line; on a Raspberry Pi, the BCM number of the pin. Empty means no LED.</summary>
    public int? Line { get; set; }

    /// <summary>Whether the LED is on when the line is at ground.</summary>
    public bool ActiveLow { get; set; }
}
