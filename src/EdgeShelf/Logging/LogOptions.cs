using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Logging;

/// <summary>The `Log` section. The console always gets the log; the journal keeps it under systemd.</summary>
sealed class LogOptions
{
    public const string Section = "Log";

    /// <summary>`Debug`, `Information`, `Warning` or `Error`.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Also write files. On an SD card the journal alone may be enough.</summary>
    public bool ToFile { get; set; } = true;

    /// <summary>The newest file; older ones get a number. Default: `edgeshelf.log` in the logs directory.</summary>
    public string? Path { get; set; }

    /// <summary>Of one file.</summary>
    public long MaxFileBytes { get; set; } = 5L << 20;

    /// <summary>Files kept; the oldest goes first.</summary>
    public int MaxFiles { get; set; } = 5;
}

sealed class LogOptionsValidator : IValidateOptions<LogOptions>
{
    public ValidateOptionsResult Validate(string? name, LogOptions options)
    {
        List<string> problems = [];
        if (options.Level is < LogLevel.Debug or > LogLevel.Error)
            problems.Add($"Log:Level is {options.Level}; allowed are Debug, Information, Warning, Error");
        if (options.MaxFileBytes is < 10_000 or > 1L << 30)
            problems.Add($"Log:MaxFileBytes is {options.MaxFileBytes}; allowed are 10000 to {1L << 30}");
        if (options.MaxFiles is < 1 or > 100)
            problems.Add($"Log:MaxFiles is {options.MaxFiles}; allowed are 1 to 100");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
