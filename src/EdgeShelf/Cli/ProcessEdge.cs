using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>The edge of the process: whatever a verb throws becomes a line that says what to do, and an exit code of <see cref="ExitCodes"/>.</summary>
static class ProcessEdge
{
    /// <summary>Set to 1, this environment variable adds the stack trace, for a report to the developers.</summary>
    public const string TraceVariable = "EDGESHELF_TRACE";

    // errno.h, as .NET gives it in Exception.HResult.
    const int BadDescriptor = 9, NoSpace = 28, BrokenPipe = 32;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            return await CommandLine.RunAsync(args, output, errors);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C during a command: nothing to explain.
            return ExitCodes.Failed;
        }
        catch (Exception gone) when (gone is IOException { HResult: BrokenPipe } or UnauthorizedAccessException { InnerException.HResult: BadDescriptor })
        {
            // Whoever read the output, `head` for example, has seen enough; or it was closed from the start.
            return ExitCodes.Failed;
        }
        catch (Exception problem)
        {
            // All kinds: this is the last place that can turn an exception into words for an operator.
            Tell(problem, errors);
            return Find(problem) is ConfigurationException ? ExitCodes.BadUsage : ExitCodes.Failed;
        }
    }

    static void Tell(Exception problem, TextWriter errors)
    {
        (string message, string hint) = Words(problem);
        try
        {
            errors.WriteLine(ErrorText.Of(message, hint));
            if (Environment.GetEnvironmentVariable(TraceVariable) == "1")
                errors.WriteLine(problem);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full: the exit code has to do.
        }
    }

    static (string Message, string Hint) Words(Exception problem) => Find(problem) switch
    {
        EdgeShelfException known => (known.Message, known.Hint),
        IOException { HResult: NoSpace } full => (OneLine(full), "Free some space on that volume and run the command again."),
        UnauthorizedAccessException denied => (OneLine(denied), "Run the command as a user who has the right, for example with sudo, or name another file or folder."),
        IOException failed => (OneLine(failed), "Check the path and the volume that it is on, then run the command again."),
        { } unforeseen => (
            $"{unforeseen.GetType().Name}: {OneLine(unforeseen)}",
            $"This is a fault of EdgeShelf. Please report it with what {TraceVariable}=1 prints in front of the same command."),
    };

    /// <summary>The exception that says most: one for operators where there is one, or else the innermost of those that only wrap.</summary>
    static Exception Find(Exception problem) => problem switch
    {
        EdgeShelfException => problem,
        AggregateException { InnerExceptions: [{ } only] } => Find(only),
        System.Reflection.TargetInvocationException or TypeInitializationException when problem.InnerException is { } inner => Find(inner),
        _ => problem,
    };

    static string OneLine(Exception problem) => problem.Message.ReplaceLineEndings(" ").Trim();
}
