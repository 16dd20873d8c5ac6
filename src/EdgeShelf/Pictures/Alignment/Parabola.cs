namespace EdgeShelf.Pictures.Alignment;

/// <summary>Refines the place of a maximum to less than a pixel.</summary>
static class Parabola
{
    /// <summary>The offset of the vertex of the parabola through three values, -0.5 to 0.5, if the middle one is the largest.</summary>
    public static double Peak(double before, double at, double after)
    {
        double curvature = before - 2 * at + after;
        return curvature >= 0 ? 0 : Math.Clamp((before - after) / (2 * curvature), -0.5, 0.5);
    }
}
