using System.Globalization;
using System.Text.RegularExpressions;
using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>The camera programs of Raspberry Pi OS: their paths and their arguments.</summary>
sealed partial class RpicamTool(RpicamCameraOptions options)
{
    // Raspberry Pi OS has had only the first family since 2025. Older systems have only the second.
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

    /// <summary>The arguments to write MJPEG to standard output until the program is stopped.</summary>
    public IEnumerable<string> StreamArguments =>
        ["-n", "-t", "0", "--codec", "mjpeg", "--framerate", Text(options.FrameRate), "--flush", .. Size, "-o", "-", .. options.Arguments];

    /// <summary>The arguments to write one JPEG to standard output. One second is enough for exposure and white balance to settle; the tool's default is five.</summary>
    public IEnumerable<string> StillArguments => ["-n", "-t", "1000", "-e", "jpg", .. Size, "-o", "-", .. options.Arguments];

    string[] Size => ["--width", Text(options.Width), "--height", Text(options.Height)];

    /// <summary>The arguments to list the cameras on standard output.</summary>
    public static IEnumerable<string> ListArguments => ["--list-cameras"];

    /// <summary>Reads the sensors' names from what the tool lists, in its order: `0 : imx219 [3280x2464 10-bit RGGB] (/base/soc/…)`.</summary>
    public static IReadOnlyList<string> SensorsIn(string listed) => [.. SensorLine().Matches(listed).Select(line => line.Groups["name"].Value)];

    [GeneratedRegex(@"^\s*\d+ : (?<name>\S+) [\[(]", RegexOptions.Multiline)]
    private static partial Regex SensorLine();

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
