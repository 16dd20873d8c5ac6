using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Logging;

/// <summary>The `Log` section. The log always goes to the console; under systemd the journal stores it.</summary>
sealed class LogOptions
{
    public const string Section = "Log";

    /// <summary>The lowest level that is logged: `Debug`, `Information`, `Warning` or `Error`.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Whether the log is also written to files. On an SD card the journal alone may be enough.</summary>
    public bool ToFile { get; set; } = true;

    /// <summary>The path of the newest file; older files get a number. The default is `edgeshelf.log` in the logs directory.</summary>
    public string? Path { get; set; }

    /// <summary>Size limit of one log file, in bytes.</summary>
    public long MaxFileBytes { get; set; } = 5L << 20;

    /// <summary>The number of files to keep. The oldest file is deleted first.</summary>
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
