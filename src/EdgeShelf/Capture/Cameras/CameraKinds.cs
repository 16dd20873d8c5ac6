using EdgeShelf.Capture.Onvif;
using EdgeShelf.Capture.V4l2;

namespace EdgeShelf.Capture.Cameras;

/// <summary>All kinds of cameras.</summary>
static class CameraKinds
{
    public static IReadOnlyList<CameraKind> All { get; } =
    [
        AutoCamera.Definition,
        FolderCamera.Definition,
        HttpCamera.Definition,
        RtspCamera.Definition,
        OnvifCamera.Definition,
        CommandCamera.Definition,
        RpicamCamera.Definition,
        V4l2Camera.Definition,
    ];

    public static CameraKind Default => FolderCamera.Definition;

    /// <returns>The kind, or null if there is no kind with this name.</returns>
    public static CameraKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
