using System.Diagnostics;

namespace EdgeShelf.Cli.Setup;

/// <summary>
/// Runs another verb of this program for `setup`. On a device, where root runs `setup`, the verb is a process of its own that switches to the
/// service's user, so that root decodes no picture and runs no camera program.
/// </summary>
static class OtherVerb
{
    /// <returns>The exit code. Errors go to standard error.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (!StateOwner.IsAnother)
            return await ProcessEdge.RunAsync(arguments, output, Console.Error);
        // A picture goes to the terminal as it is, with its colours; a list is read here.
        bool isRead = output is StringWriter;
        await output.FlushAsync(cancellationToken);
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardOutput = isRead };
        using Process process = Process.Start(start)!;
        try
        {
            if (isRead)
                await output.WriteAsync((await process.StandardOutput.ReadToEndAsync(cancellationToken)).AsMemory(), cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
