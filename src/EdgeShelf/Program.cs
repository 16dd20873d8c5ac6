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
    await Console.Error.WriteLineAsync($"edgeshelf: {problem.Message}\n  {problem.Hint}");
    return problem is ConfigurationException ? ExitCodes.BadUsage : ExitCodes.Failed;
}
catch (OperationCanceledException)
{
    // Ctrl-C during a command: nothing to explain.
    return ExitCodes.Failed;
}
