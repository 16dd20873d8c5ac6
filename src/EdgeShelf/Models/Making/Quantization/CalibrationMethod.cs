namespace EdgeShelf.Models.Making.Quantization;

/// <summary>Specifies how the range of an activation is chosen from the calibration values.</summary>
enum CalibrationMethod
{
    /// <summary>Uses the whole range of the values.</summary>
    MinMax,

    /// <summary>Uses the part of the range with the smallest mean squared rounding and clipping error over the histogram.</summary>
    Mse,
}
