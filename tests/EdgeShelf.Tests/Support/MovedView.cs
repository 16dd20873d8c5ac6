using EdgeShelf.Pictures;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>What a camera sees that was moved in front of a flat picture.</summary>
/// <param name="Dx">The shift to the right in fractions of the width.</param>
/// <param name="Dy">The shift down in fractions of the height.</param>
/// <param name="Degrees">The turn around the picture's centre, clockwise.</param>
/// <param name="Zoom">The enlargement around the picture's centre.</param>
/// <param name="Light">The factor of all levels.</param>
/// <param name="Covered">The share of the width, from the left, that something with its own edges covers.</param>
/// <param name="Quality">The JPEG quality of the frame.</param>
sealed record MovedView(double Dx = 0, double Dy = 0, double Degrees = 0, double Zoom = 1, double Light = 1, double Covered = 0, int Quality = 90)
{
    public Picture Of(string file)
    {
        using SKBitmap still = SKBitmap.Decode(file);
        (int width, int height) = (still.Width, still.Height);
        using SKBitmap frame = new(width, height);
        using (SKCanvas canvas = new(frame))
        {
            canvas.Clear(SKColors.DimGray);
            canvas.Translate((float)(width * (0.5 + Dx)), (float)(height * (0.5 + Dy)));
            canvas.RotateDegrees((float)Degrees);
            canvas.Scale((float)Zoom);
            canvas.Translate(-width / 2f, -height / 2f);
            using SKImage image = SKImage.FromBitmap(still);
            canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            canvas.ResetMatrix();
            float edge = (float)(width * Covered);
            using SKPaint cloth = new() { Color = SKColors.Maroon }, stripe = new() { Color = SKColors.MidnightBlue, StrokeWidth = 14 };
            canvas.DrawRect(0, 0, edge, height, cloth);
            for (int i = 0; i < 12 && Covered > 0; i++)
                canvas.DrawLine(edge * i / 12, 0, edge * (11 - i) / 12, height, stripe);
            using SKPaint shade = new() { Color = SKColors.Black.WithAlpha((byte)Math.Round(255 * (1 - Light))) };
            canvas.DrawRect(0, 0, width, height, shade);
        }
        using SKData jpeg = frame.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return PictureDecoder.Decode(jpeg.ToArray());
    }

    /// <summary>Where a point of the still picture lies in the frame; both in fractions of the picture.</summary>
    /// <param name="aspect">The picture's width divided by its height.</param>
    public (double X, double Y) Move(double x, double y, double aspect)
    {
        (double sin, double cos) = Math.SinCos(Degrees * Math.PI / 180);
        (x, y) = (Zoom * (x - 0.5) * aspect, Zoom * (y - 0.5));
        return ((x * cos - y * sin) / aspect + 0.5 + Dx, x * sin + y * cos + 0.5 + Dy);
    }
}
