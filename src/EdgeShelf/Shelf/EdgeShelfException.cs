namespace EdgeShelf.Shelf;

/// <summary>
/// A problem that an operator can do something about: <see cref="Exception.Message"/> says what was found and what is
/// allowed, <see cref="Hint"/> what to do next. The command line prints both and no stack trace.
/// </summary>
class EdgeShelfException(string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    public string Hint { get; } = hint;

    /// <summary>What the process ends with when nobody handles it: 1 failed, 2 bad usage or configuration.</summary>
    public virtual int ExitCode => Cli.ExitCodes.Failed;
}

/// <summary>The command line, a setting or a model is not usable as it stands; the process ends with 2.</summary>
sealed class ConfigurationException(string message, string hint, Exception? inner = null)
    : EdgeShelfException(message, hint, inner)
{
    public override int ExitCode => Cli.ExitCodes.BadUsage;
}
