using EdgeShelf.Capture.Cameras;

namespace EdgeShelf.Capture.V4l2;

/// <summary>A USB camera or any other V4L2 device, opened for each picture, so that it may be unplugged and come back.</summary>
sealed class V4l2Camera(V4l2CameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    public override string Kind => CameraKinds.V4l2;

    protected override Task<Taken> TakeAsync(CancellationToken cancellationToken) => RunBlockingAsync(() => Take(cancellationToken), cancellationToken);

    Taken Take(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Device))
            throw new CaptureException("camera-unreachable", $"There is no {options.Device}; there are {Devices()}.", "Plug the camera in, or correct Capture:V4l2:Device; names in /dev/v4l/by-id stay the same.");
        try
        {
            using V4l2Stream stream = V4l2Stream.Open(options);
            // Exposure and white balance need a few frames; the first ones are dark, green or torn.
            for (int i = 0; i < options.WarmUpFrames; i++)
                stream.Next(cancellationToken);
            return new Taken(stream.Next(cancellationToken), options.Device, Layout: V4l2Format.LayoutOf(stream.Format));
        }
        catch (IOException refused)
        {
            throw new CaptureException("camera-failed", $"{refused.Message}.", "See whether another program uses the camera, and whether the service's user is in the group video.", refused);
        }
    }

    static string Devices()
    {
        string[] byId = Directory.Exists("/dev/v4l/by-id") ? Directory.GetFiles("/dev/v4l/by-id") : [];
        string[] all = byId.Length > 0 ? byId : Directory.GetFiles("/dev", "video*");
        return all.Length > 0 ? string.Join(", ", all.Order(StringComparer.Ordinal)) : "no cameras";
    }
}
