using System.Diagnostics.CodeAnalysis;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Capture.Programs;
using EdgeShelf.Capture.V4l2;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture;

/// <summary>
/// Finds every problem of the section at once. Written by hand because a range attribute's message cannot show the value
/// that was found.
/// </summary>
sealed class CaptureOptionsValidator : IValidateOptions<CaptureOptions>
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);

    // Of the largest Raspberry Pi sensor, and what Vision decodes.
    const int MaxSide = 5000;
    const int MaxLine = 511;

    public ValidateOptionsResult Validate(string? name, CaptureOptions options)
    {
        List<string> problems = [];
        if (!CameraKinds.All.Contains(options.Camera))
            problems.Add($"Capture:Camera is {Shown(options.Camera)}; allowed are {string.Join(", ", CameraKinds.All)}");
        if (options.Interval != TimeSpan.Zero && (options.Interval < ShortestInterval || options.Interval > LongestInterval))
            problems.Add($"Capture:Interval is {options.Interval}; allowed are {ShortestInterval:c} to {LongestInterval:c}, or 0 for no timer");
        if (options.Timeout < ShortestTimeout || options.Timeout > LongestTimeout)
            problems.Add($"Capture:Timeout is {options.Timeout}; allowed are {ShortestTimeout:c} to {LongestTimeout:c}");
        if (options.FrozenAfter is not 0 and (< 2 or > 1000))
            problems.Add($"Capture:FrozenAfter is {options.FrozenAfter}; allowed are 2 to 1000, or 0 for never");
        problems.AddRange(options.Camera switch
        {
            CameraKinds.Folder => ProblemsOf(options.Folder),
            CameraKinds.Http => ProblemsOf(options.Http),
            CameraKinds.Command => ProblemsOf(options.Command),
            CameraKinds.Rpicam => ProblemsOf(options.Rpicam),
            CameraKinds.V4l2 => ProblemsOf(options.V4l2),
            _ => [],
        });
        problems.AddRange(ProblemsOf(options.Gpio));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    static IEnumerable<string> ProblemsOf(FolderCameraOptions folder)
    {
        if (string.IsNullOrWhiteSpace(folder.Path))
            yield return $"Capture:Folder:Path is {Shown(folder.Path)}; the camera `folder` needs a folder with JPEG or PNG files";
        else if (File.Exists(folder.Path))
            yield return $"Capture:Folder:Path is {folder.Path}; a folder is needed, and this is a file";
    }

    static IEnumerable<string> ProblemsOf(HttpCameraOptions http)
    {
        bool isUrl = Uri.TryCreate(http.Url, UriKind.Absolute, out Uri? url);
        // The value may hold a password and is not repeated then.
        if (isUrl && url!.UserInfo.Length > 0)
            yield return "Capture:Http:Url is an address with a name or password in it; put them in Capture:Http:User and Capture:Http:PasswordFile";
        else if (!isUrl || url!.Scheme is not ("http" or "https"))
            yield return $"Capture:Http:Url is {Shown(http.Url)}; allowed are addresses that begin with http:// or https://";
        if (!string.IsNullOrEmpty(http.User) && string.IsNullOrEmpty(http.PasswordFile))
            yield return "Capture:Http:PasswordFile is empty; with Capture:Http:User it must name a file that holds the password";
        if (!string.IsNullOrEmpty(http.PasswordFile) && string.IsNullOrEmpty(http.User))
            yield return "Capture:Http:User is empty; with Capture:Http:PasswordFile it must name the user";
        if (!string.IsNullOrEmpty(http.PasswordFile) && !File.Exists(http.PasswordFile))
            yield return $"Capture:Http:PasswordFile is {http.PasswordFile}; allowed are files that exist and that this user may read";
    }

    static IEnumerable<string> ProblemsOf(CommandCameraOptions command)
    {
        if (string.IsNullOrWhiteSpace(command.Program))
            yield return $"Capture:Command:Program is {Shown(command.Program)}; the camera `command` needs a program that writes a JPEG to standard output";
        else if (Executable.Find(command.Program) is null)
            yield return $"Capture:Command:Program is {command.Program}; allowed are executable files, by path or by name on the PATH";
    }

    static IEnumerable<string> ProblemsOf(RpicamCameraOptions rpicam)
    {
        if (!IsBetween(rpicam.Width, 64, MaxSide, "Capture:Rpicam:Width", out string? problem))
            yield return problem;
        if (!IsBetween(rpicam.Height, 64, MaxSide, "Capture:Rpicam:Height", out problem))
            yield return problem;
        if (!IsBetween(rpicam.FrameRate, 1, 30, "Capture:Rpicam:FrameRate", out problem))
            yield return problem;
        if (!IsBetween(rpicam.WarmUpFrames, 0, 100, "Capture:Rpicam:WarmUpFrames", out problem))
            yield return problem;
        if (rpicam.MaxAge < TimeSpan.Zero || rpicam.MaxAge > TimeSpan.FromMinutes(1))
            yield return $"Capture:Rpicam:MaxAge is {rpicam.MaxAge}; allowed are 00:00:00 to 00:01:00";
    }

    static IEnumerable<string> ProblemsOf(V4l2CameraOptions v4l2)
    {
        if (!v4l2.Device.StartsWith("/dev/", StringComparison.Ordinal))
            yield return $"Capture:V4l2:Device is {Shown(v4l2.Device)}; allowed are device nodes, such as /dev/v4l/by-id/usb-camera-index0";
        if (!IsBetween(v4l2.Width, 64, MaxSide, "Capture:V4l2:Width", out string? problem))
            yield return problem;
        if (!IsBetween(v4l2.Height, 64, MaxSide, "Capture:V4l2:Height", out problem))
            yield return problem;
        if (v4l2.Format != V4l2Format.Auto && !V4l2Format.Codes.ContainsKey(v4l2.Format))
            yield return $"Capture:V4l2:Format is {Shown(v4l2.Format)}; allowed are {V4l2Format.Auto}, {string.Join(", ", V4l2Format.Codes.Keys)}";
        if (!IsBetween(v4l2.WarmUpFrames, 0, 100, "Capture:V4l2:WarmUpFrames", out problem))
            yield return problem;
    }

    static IEnumerable<string> ProblemsOf(GpioOptions gpio)
    {
        if (gpio.Button.Line is < 0 or > MaxLine)
            yield return $"Capture:Gpio:Button:Line is {gpio.Button.Line}; allowed are 0 to {MaxLine}, or nothing for no button";
        if (gpio.Button.Pull != Pull.None && gpio.Button.Pull == Pull.Up != gpio.Button.ActiveLow)
            yield return $"Capture:Gpio:Button:Pull is {gpio.Button.Pull} with ActiveLow {gpio.Button.ActiveLow}, so an open button counts as pressed; allowed are Up with true, Down with false, None with either";
        if (gpio.Led.Line is < 0 or > MaxLine)
            yield return $"Capture:Gpio:Led:Line is {gpio.Led.Line}; allowed are 0 to {MaxLine}, or nothing for no light";
        if (gpio.Led.Line is { } line && line == gpio.Button.Line)
            yield return $"Capture:Gpio:Led:Line is {line}; allowed is another line than the button's";
        if (gpio.Button.Debounce < TimeSpan.FromMilliseconds(1) || gpio.Button.Debounce > TimeSpan.FromMilliseconds(500))
            yield return $"Capture:Gpio:Button:Debounce is {gpio.Button.Debounce}; allowed are 00:00:00.001 to 00:00:00.500";
    }

    static bool IsBetween(int value, int least, int most, string key, [NotNullWhen(false)] out string? problem)
    {
        problem = value >= least && value <= most ? null : $"{key} is {value}; allowed are {least} to {most}";
        return problem is null;
    }

    static string Shown(string? value) => string.IsNullOrEmpty(value) ? "empty" : $"'{value}'";
}
