using EdgeShelf.Cli;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

MemoryFootprint.Limit();
try
{
    return await CommandLine.RunAsync(args);
}
catch (EdgeShelfException problem)
{
    await new PlainWriter(Console.Error).WriteLineAsync(ErrorText.Of(problem));
    return problem is ConfigurationException ? ExitCodes.BadUsage : ExitCodes.Failed;
}
catch (OperationCanceledException)
{
    // Ctrl-C during a command: nothing to explain.
    return ExitCodes.Failed;
}
