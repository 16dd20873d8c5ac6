using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Takes a picture and reports how bright and sharp it is. It measures the crop that the network sees and applies the rules of the service.</summary>
sealed class CameraCheck(Camera camera, ActiveModel models) : DoctorCheck
{
    public override string Name => "camera";

    public override async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        Frame frame;
        try
        {
            frame = await camera.CaptureAsync(cancellationToken);
        }
        catch (CaptureException absent) when (absent.Code == CaptureException.NoCamera)
        {
            return Finding.Warning(absent.Message, absent.Hint);
        }
        using Picture picture = PictureDecoder.Decode(frame);
        PictureQuality quality = QualityOf(picture);
        string found = string.Create(CultureInfo.InvariantCulture,
            $"{camera.Kind} gave {picture.FullSize.Width} x {picture.FullSize.Height} in {frame.CaptureTime.TotalSeconds:0.0} s, brightness {quality.Mean / 255:P0}, sharpness {quality.Sharpness:0}");
        return quality.Flaw switch
        {
            PictureFlaw.Dark => Finding.Warning($"{found}: dark", "Take off the lens cap, or light the shelf."),
            PictureFlaw.OverExposed => Finding.Warning($"{found}: glaring", "Turn the camera away from the lamp, or lower its exposure."),
            PictureFlaw.Blank => Finding.Warning($"{found}: blank, of one colour", "Check what is in front of the lens."),
            PictureFlaw.Blurred => Finding.Warning($"{found}: blurred", "Focus the lens and clean it."),
            _ => Finding.Fine(found),
        };
    }

    PictureQuality QualityOf(Picture picture)
    {
        using ModelLease lease = models.Rent();
        byte[] crop = new byte[lease.Model.Preprocessor.CropLength];
        lease.Model.Preprocessor.Crop(picture, crop);
        return PictureQuality.Of(crop, lease.Model.Manifest.Input.Crop);
    }
}
