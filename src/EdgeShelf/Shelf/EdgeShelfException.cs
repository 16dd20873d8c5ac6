namespace EdgeShelf.Shelf;

/// <summary>
/// A problem that an operator can solve. <see cref="Exception.Message"/> says what was found and what is allowed, and
/// <see cref="Hint"/> says what to do next. The command line prints both, without a stack trace.
/// </summary>
class EdgeShelfException(string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The code of an unexpected problem.</summary>
    public const string Internal = "internal";

    /// <summary>The code of a result that could not be written to disk. The picture itself may be valid.</summary>
    public const string NotKept = "outbox-failed";

    public string Hint { get; } = hint;

    /// <summary>The stable, machine-readable name of the problem in `…/state`, events, responses, problem details and metrics.</summary>
    public virtual string Code => Internal;

    /// <summary>Returns the problem itself, or wraps an unexpected exception in one that operators can read.</summary>
    public static EdgeShelfException From(Exception problem) => problem as EdgeShelfException ?? new EdgeShelfException(
        $"{problem.GetType().Name}: {problem.Message}", "This is a fault of EdgeShelf. Please report it with the lines of the log around it.", problem);
}

/// <summary>The command line, a setting or a model is not valid. The process exits with code 2.</summary>
sealed class ConfigurationException(string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner);
