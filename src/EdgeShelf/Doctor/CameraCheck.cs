using System.Globalization;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Takes a picture and says how bright and sharp it is.</summary>
sealed class CameraCheck(Camera camera) : DoctorCheck
{
    public override string Name => "camera";

    public override async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        Frame frame = await camera.CaptureAsync(cancellationToken);
        using Picture picture = PictureDecoder.Decode(frame);
        PictureLook look = PictureLook.Of(picture);
        string found = string.Create(CultureInfo.InvariantCulture,
            $"{camera.Kind} gave {picture.FullSize.Width} x {picture.FullSize.Height} in {frame.CaptureTime.TotalSeconds:0.0} s, brightness {look.Brightness:P0}, sharpness {look.Sharpness:0}");
        return look switch
        {
            { Brightness: < PictureLook.Dark } => Finding.Warning($"{found}: dark", "Take off the lens cap, or light the shelf."),
            { Brightness: > PictureLook.Glaring } => Finding.Warning($"{found}: glaring", "Turn the camera away from the lamp, or lower its exposure."),
            { Sharpness: < PictureLook.Blurred } => Finding.Warning($"{found}: blurred or blank", "Focus the lens and clean it."),
            _ => Finding.Fine(found),
        };
    }
}
