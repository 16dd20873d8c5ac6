namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Asymmetric uint8: value = (code - zero point) * scale.</summary>
readonly record struct ActivationScale(float Scale, byte ZeroPoint)
{
    /// <summary>Returns the finest scale whose 256 codes cover the range. Zero has an exact code, which padding and ReLU need.</summary>
    public static ActivationScale Cover(double min, double max)
    {
        (min, max) = (Math.Min(min, 0), Math.Max(max, 0));
        // If a tensor is always zero, any scale works.
        double scale = max > min ? (max - min) / 255 : 1;
        return new ActivationScale((float)scale, (byte)Math.Clamp(Math.Round(-min / scale), 0, 255));
    }

    public double Min => -ZeroPoint * (double)Scale;

    public double Max => (255 - ZeroPoint) * (double)Scale;
}
