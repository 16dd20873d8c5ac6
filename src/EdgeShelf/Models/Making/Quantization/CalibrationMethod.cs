namespace EdgeShelf.Models.Making.Quantization;

/// <summary>How the range of an activation is chosen from what calibration saw.</summary>
enum CalibrationMethod
{
    /// <summary>All of it.</summary>
    MinMax,

    /// <summary>The part of it that makes the mean squared rounding and clipping error over the histogram smallest.</summary>
    Mse,
}
