using System.Globalization;
using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The camera programs of Raspberry Pi OS: where they are and how they are called.</summary>
sealed class RpicamTool(RpicamCameraOptions options)
{
    // Raspberry Pi OS has had only the first since 2025; older systems have only the second.
    static readonly string[] Families = ["rpicam", "libcamera"];

    /// <param name="tool">`vid` or `still`.</param>
    /// <exception cref="CaptureException">`camera-failed`: it is not installed.</exception>
    public string Find(string tool)
    {
        IEnumerable<string> names = Names(tool);
        return names.Select(Locate).FirstOrDefault(path => path is not null)
            ?? throw new CaptureException("camera-failed", $"Neither {string.Join(" nor ", names)} is installed.", "Install the package rpicam-apps-lite.");
    }

    public bool IsInstalled(string tool) => Names(tool).Any(name => Locate(name) is not null);

    static IEnumerable<string> Names(string tool) => Families.Select(family => $"{family}-{tool}");

    string? Locate(string name) => Executable.Find(string.IsNullOrEmpty(options.ToolsFolder) ? name : Path.Combine(options.ToolsFolder, name));

    /// <summary>MJPEG on standard output until it is ended.</summary>
    public IEnumerable<string> StreamArguments =>
        ["-n", "-t", "0", "--codec", "mjpeg", "--framerate", Text(options.FrameRate), "--flush", .. Size, "-o", "-", .. options.Arguments];

    /// <summary>One JPEG on standard output. A second lets exposure and white balance settle; the default is five.</summary>
    public IEnumerable<string> StillArguments => ["-n", "-t", "1000", "-e", "jpg", .. Size, "-o", "-", .. options.Arguments];

    string[] Size => ["--width", Text(options.Width), "--height", Text(options.Height)];

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
