namespace EdgeShelf.Shelf;

/// <summary>
/// A problem that an operator can do something about: <see cref="Exception.Message"/> says what was found and what is
/// allowed, <see cref="Hint"/> what to do next. The command line prints both and no stack trace.
/// </summary>
class EdgeShelfException(string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The code of a problem that no part of the program foresaw.</summary>
    public const string Internal = "internal";

    /// <summary>The code of a result that the disk did not keep. The picture itself may be fine.</summary>
    public const string NotKept = "outbox-failed";

    public string Hint { get; } = hint;

    /// <summary>Stable name of the problem for machines: what `…/state`, events, responses, problem details and metrics call it.</summary>
    public virtual string Code => Internal;

    /// <summary>The problem itself, or an exception that nobody foresaw in the form that operators can read.</summary>
    public static EdgeShelfException From(Exception problem) => problem as EdgeShelfException ?? new EdgeShelfException(
        $"{problem.GetType().Name}: {problem.Message}", "This is a fault of EdgeShelf. Please report it with the lines of the log around it.", problem);
}

/// <summary>The command line, a setting or a model cannot be used as it stands. The process ends with 2.</summary>
sealed class ConfigurationException(string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner);
