namespace EdgeShelf.Shelf;

/// <summary>A rectangle of the picture, in fractions of the upright picture's width and height. (0, 0) is the upper left corner.</summary>
readonly record struct Region(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    /// <summary>Whether the rectangle has an area and lies inside the picture. NaN is outside.</summary>
    public bool IsInside => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && Right <= 1 + Tolerance && Bottom <= 1 + Tolerance;

    /// <summary>Rounding of decimal fractions: 0.9 + 0.1 is a little more than 1.</summary>
    const double Tolerance = 1e-9;

    /// <summary>Moves the rectangle by fractions of the picture's width and height.</summary>
    public Region Shifted(double dx, double dy) => this with { X = X + dx, Y = Y + dy };

    /// <summary>The part that lies inside the picture. Its width or height is 0 if no part does.</summary>
    public Region ClippedToPicture()
    {
        double left = Math.Clamp(X, 0, 1), top = Math.Clamp(Y, 0, 1);
        return new Region(left, top, Math.Clamp(Right, 0, 1) - left, Math.Clamp(Bottom, 0, 1) - top);
    }
}
