namespace EdgeShelf.Capture.Cameras;

/// <summary>The values of `Capture:Camera` and of the result's `image.source`.</summary>
static class CameraKinds
{
    public const string Folder = "folder";
    public const string Http = "http";
    public const string Command = "command";
    public const string Rpicam = "rpicam";
    public const string V4l2 = "v4l2";

    public static IReadOnlyList<string> All { get; } = [Folder, Http, Command, Rpicam, V4l2];
}
