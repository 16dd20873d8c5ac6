using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Gpio;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture;

/// <summary>
/// Finds every problem of the section at once. It is written by hand because the message of a range attribute cannot show the
/// value that was found.
/// </summary>
sealed class CaptureOptionsValidator : IValidateOptions<CaptureOptions>
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);
    public static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);

    public const int MaxLine = 511;

    public ValidateOptionsResult Validate(string? name, CaptureOptions options)
    {
        List<string> problems = [];
        if (CameraKinds.Find(options.Camera) is null)
            problems.Add($"Capture:Camera is {SettingRules.Shown(options.Camera)}; allowed are {string.Join(", ", CameraKinds.All.Select(kind => kind.Name))}");
        if (options.Interval != TimeSpan.Zero && (options.Interval < ShortestInterval || options.Interval > LongestInterval))
            problems.Add($"Capture:Interval is {Duration.Text(options.Interval)}; allowed are {Duration.Text(ShortestInterval)} to {Duration.Text(LongestInterval)}, or 0 for no timer");
        if (options.Timeout < ShortestTimeout || options.Timeout > LongestTimeout)
            problems.Add($"Capture:Timeout is {Duration.Text(options.Timeout)}; allowed are {Duration.Text(ShortestTimeout)} to {Duration.Text(LongestTimeout)}");
        if (options.FrozenAfter is not 0 and (< 2 or > 1000))
            problems.Add($"Capture:FrozenAfter is {options.FrozenAfter}; allowed are 2 to 1000, or 0 for never");
        problems.AddRange(ProblemsOf(options.Gpio));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    static IEnumerable<string> ProblemsOf(GpioOptions gpio)
    {
        if (gpio.Button.Line is < 0 or > MaxLine)
            yield return $"Capture:Gpio:Button:Line is {gpio.Button.Line}; allowed are 0 to {MaxLine}, or nothing for no button";
        if (gpio.Button.Pull != Pull.None && gpio.Button.Pull == Pull.Up != gpio.Button.ActiveLow)
            yield return $"Capture:Gpio:Button:Pull is {gpio.Button.Pull} with ActiveLow {gpio.Button.ActiveLow}, so an open button counts as pressed; allowed are Up with true, Down with false, None with either";
        if (gpio.Led.Line is < 0 or > MaxLine)
            yield return $"Capture:Gpio:Led:Line is {gpio.Led.Line}; allowed are 0 to {MaxLine}, or nothing for no LED";
        if (gpio.Led.Line is { } line && line == gpio.Button.Line)
            yield return $"Capture:Gpio:Led:Line is {line}; allowed is another line than the button's";
        if (gpio.Button.Debounce < TimeSpan.FromMilliseconds(1) || gpio.Button.Debounce > TimeSpan.FromMilliseconds(500))
            yield return $"Capture:Gpio:Button:Debounce is {Duration.Text(gpio.Button.Debounce)}; allowed are 1 ms to 500 ms";
    }
}
