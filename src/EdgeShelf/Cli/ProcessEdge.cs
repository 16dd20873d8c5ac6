using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>Turns each exception of a verb into an error message that says what to do, and into an exit code of <see cref="ExitCodes"/>.</summary>
static class ProcessEdge
{
    /// <summary>When this environment variable is 1, errors include the stack trace, for a report to the developers.</summary>
    public const string TraceVariable = "EDGESHELF_TRACE";

    // Values from errno.h, which .NET returns in Exception.HResult.
    const int BadDescriptor = 9, NoSpace = 28, BrokenPipe = 32;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            return await CommandLine.RunAsync(args, output, errors);
        }
        catch (OperationCanceledException)
        {
            // The user pressed Ctrl-C during a command; this needs no message.
            return ExitCodes.Failed;
        }
        catch (Exception gone) when (gone is IOException { HResult: BrokenPipe } or UnauthorizedAccessException { InnerException.HResult: BadDescriptor })
        {
            // The reader of the output, for example `head`, closed it early, or it was closed from the start.
            return ExitCodes.Failed;
        }
        catch (Exception problem)
        {
            // Catch everything: this is the last place that can turn an exception into a message for an operator.
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
            // Standard error is closed or full, so only the exit code reports the error.
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

    /// <summary>Returns the most informative exception: the one written for operators if there is one, otherwise the innermost exception inside wrappers.</summary>
    static Exception Find(Exception problem) => problem switch
    {
        EdgeShelfException => problem,
        AggregateException { InnerExceptions: [{ } only] } => Find(only),
        System.Reflection.TargetInvocationException or TypeInitializationException when problem.InnerException is { } inner => Find(inner),
        _ => problem,
    };

    static string OneLine(Exception problem) => problem.Message.ReplaceLineEndings(" ").Trim();
}
