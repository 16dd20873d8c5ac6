namespace EdgeShelf.Shelf;

/// <summary>A rectangle of the upright picture, as fractions of its width and height: 0 is the left or upper edge, 1 the right or lower one.</summary>
readonly record struct Region(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;
    public double Bottom => Y + Height;

    /// <summary>Returns the region moved by fractions of the picture. It may then lie outside of the picture.</summary>
    public Region Shifted(double dx, double dy) => this with { X = X + dx, Y = Y + dy };

    /// <summary>Returns the part inside of the picture. It has no width or height if nothing of the region is inside.</summary>
    public Region ClippedToPicture()
    {
        double left = Math.Clamp(X, 0, 1), top = Math.Clamp(Y, 0, 1);
        return new Region(left, top, Math.Clamp(Right, left, 1) - left, Math.Clamp(Bottom, top, 1) - top);
    }
}
