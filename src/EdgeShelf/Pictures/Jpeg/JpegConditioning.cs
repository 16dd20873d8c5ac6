namespace EdgeShelf.Pictures.Jpeg;

/// <summary>The parameters that select the contexts of arithmetic coding (ITU T.81 F.1.4.4).</summary>
/// <param name="Lower">The bound L: smaller DC differences count as zero.</param>
/// <param name="Upper">The bound U: larger DC differences count as large.</param>
/// <param name="Low">The bound Kx: the last AC coefficient of the low ones.</param>
readonly record struct JpegConditioning(int Lower, int Upper, int Low)
{
    /// <summary>The default, used when a picture does not define its own.</summary>
    public static JpegConditioning Standard => new(0, 1, 5);
}
