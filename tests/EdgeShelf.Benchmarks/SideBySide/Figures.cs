namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>What was measured of one contender with one or all processors. Times are in milliseconds and memory in MB; what does not apply is null.</summary>
sealed record Figures(string Key, string Title)
{
    /// <summary>From the start of the process to its first answer.</summary>
    public double? Start { get; init; }

    /// <summary>One picture, one client: median.</summary>
    public double? Latency { get; init; }

    /// <summary>The network alone: median.</summary>
    public double? Network { get; init; }

    public double? PerSecondOfOne { get; init; }

    public double? PerSecondOfMany { get; init; }

    /// <summary>Processor time of a thousand pictures, in seconds.</summary>
    public double? CpuOfThousand { get; init; }

    /// <summary>Median while one client asks.</summary>
    public Memory? Busy { get; init; }

    /// <summary>The highest, from the start on for resident memory and while clients ask for anonymous memory.</summary>
    public Memory? Peak { get; init; }

    /// <summary>Some time after the last picture.</summary>
    public Memory? Resting { get; init; }
}
