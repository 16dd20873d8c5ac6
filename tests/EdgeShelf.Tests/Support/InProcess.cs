using EdgeShelf.Cli;

namespace EdgeShelf.Tests.Support;

/// <summary>A verb in this process, through the same edge as the real program's: for verbs that end by themselves.</summary>
static class InProcess
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int exitCode = await ProcessEdge.RunAsync(arguments, output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
