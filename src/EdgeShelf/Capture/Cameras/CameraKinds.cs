using EdgeShelf.Capture.V4l2;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The cameras that there are.</summary>
static class CameraKinds
{
    public static IReadOnlyList<CameraKind> All { get; } =
    [
        FolderCamera.Definition,
        HttpCamera.Definition,
        CommandCamera.Definition,
        RpicamCamera.Definition,
        V4l2Camera.Definition,
    ];

    public static CameraKind Default => FolderCamera.Definition;

    /// <returns>Null where there is no such kind.</returns>
    public static CameraKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
