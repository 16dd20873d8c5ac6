using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeShelf.Shelf;

/// <summary>How people write and read a length of time: in settings, requests, options of the command line and log lines.</summary>
static partial class Duration
{
    /// <summary>Ends a message about a duration that was refused.</summary>
    public const string Examples = "write 90s, 10m, 2h or 00:01:30";

    /// <summary>
    /// Reads a number with a unit (`200ms`, `1.5s`, `10m`, `2h`, `7d`), `hours:minutes:seconds` or `days.hours:minutes:seconds`, or `0`. A plain
    /// number other than zero is refused, because nobody can see whether it means seconds, minutes or days.
    /// </summary>
    /// <param name="problem">Why the text was refused and what to write instead.</param>
    public static bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (default, null);
        text = text.Trim();
        if (text == "0")
            return true;
        if (Number().IsMatch(text))
            return Refuse($"a number needs a unit: {Examples}", out problem);
        if (WithUnit().Match(text) is { Success: true } unit)
            return TrySum([(unit.Groups["number"].Value, TicksOf(unit.Groups["unit"].Value))], out value, out problem);
        if (Clock().Match(text) is not { Success: true } clock)
            return Refuse($"a time is needed: {Examples}", out problem);
        if (clock.Groups["minutes"].Value is not [<= '5', _] || clock.Groups["seconds"].Value is not [<= '5', _, ..])
            return Refuse($"minutes and seconds go from 00 to 59: {Examples}", out problem);
        if (clock.Groups["days"].Value.Length > 0 && clock.Groups["hours"].Value is not ([_] or ['0' or '1', _] or ['2', >= '0' and <= '3']))
            return Refuse("hours beside days go from 00 to 23: write 7d or 7.00:00:00", out problem);
        return TrySum(
            [
                (clock.Groups["days"].Value, TimeSpan.TicksPerDay), (clock.Groups["hours"].Value, TimeSpan.TicksPerHour),
                (clock.Groups["minutes"].Value, TimeSpan.TicksPerMinute), (clock.Groups["seconds"].Value, TimeSpan.TicksPerSecond),
            ],
            out value, out problem);
    }

    /// <summary>A duration for people, rounded: `200 ms`, `0.5 s`, `90 s`, `2 min`, `3.5 h`, `30 d`. <see cref="TryParse"/> reads it again.</summary>
    public static string Text(TimeSpan value)
    {
        (double number, string unit) = Math.Abs(value.TotalSeconds) switch
        {
            0 => (0, "s"),
            < 0.1 => (value.TotalMilliseconds, "ms"),
            < 120 => (value.TotalSeconds, "s"),
            < 7200 => (value.TotalMinutes, "min"),
            < 172_800 => (value.TotalHours, "h"),
            _ => (value.TotalDays, "d"),
        };
        // Two digits behind the point are enough to read; below a second there is nothing larger to look at.
        return number.ToString(Math.Abs(number) < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + " " + unit;
    }

    static bool TrySum(ReadOnlySpan<(string Number, long Ticks)> parts, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (default, null);
        decimal ticks = 0;
        foreach ((string number, long each) in parts)
        {
            if (number.Length == 0)
                continue;
            // A number of 15 digits times the ticks of a day is below decimal.MaxValue, so the sum cannot overflow.
            if (number.Length > 15 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count))
                return Refuse("the number has too many digits", out problem);
            ticks += count * each;
        }
        if (ticks > TimeSpan.MaxValue.Ticks)
            return Refuse("the time is longer than 10675199 days", out problem);
        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    static long TicksOf(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" or "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    static bool Refuse(string why, out string problem)
    {
        problem = why;
        return false;
    }

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?<number>[0-9]+(\.[0-9]+)?) ?(?<unit>ms|s|min|m|h|d)\z")]
    private static partial Regex WithUnit();

    [GeneratedRegex(@"^((?<days>[0-9]+)\.)?(?<hours>[0-9]+):(?<minutes>[0-9]{2}):(?<seconds>[0-9]{2}(\.[0-9]{1,7})?)\z")]
    private static partial Regex Clock();
}
