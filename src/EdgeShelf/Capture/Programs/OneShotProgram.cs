namespace EdgeShelf.Capture.Programs;

/// <summary>A program that writes one picture to standard output and ends. It is run once for each picture.</summary>
/// <param name="kill">kill(2). Tests pass another function.</param>
sealed class OneShotProgram(TimeProvider clock, Func<int, int, int>? kill = null)
{
    // The output ends shortly after the program, unless a process that it started keeps the pipe open.
    static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(0.5);

    ChildProcess? _child;

    /// <summary>The standard error of the last run.</summary>
    public string? LastWords => _child?.LastWords;

    /// <summary>Runs the program once. It and all processes that it started have ended when the method returns.</summary>
    /// <exception cref="CaptureException">The program cannot be started, fails, or writes nothing or too much.</exception>
    public async Task<byte[]> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await using ChildProcess child = _child = ChildProcess.Start(program, arguments, clock, _child, kill);
        Task<byte[]> output = child.ReadOutputAsync(FrameBytes.MaxBytes);
        Task<int> exit = child.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(output, exit) == output)
            await output; // This throws if the output is too large, even while the program is still writing.
        int exitCode = await exit;
        await Task.WhenAny(output, Task.Delay(OutputGrace, clock, cancellationToken));
        await child.EndAsync();
        if (exitCode != 0)
            throw new CaptureException("camera-failed", $"{program} ended with {exitCode}{Words.Quoted(child.LastWords)}", "Run it manually as this user, with the same arguments.");
        byte[] picture = await OutputOf(output, program);
        return picture.Length > 0
            ? picture
            : throw new CaptureException("no-picture", $"{program} ended with 0 and wrote nothing to standard output{Words.Quoted(child.LastWords)}", "Configure it to write the picture to standard output, often with `-o -`.");
    }

    async Task<byte[]> OutputOf(Task<byte[]> output, string program)
    {
        try
        {
            return await output.WaitAsync(OutputGrace, clock);
        }
        catch (TimeoutException held)
        {
            throw new CaptureException("camera-failed", $"{program} ended, but a process that it started keeps its output open.", "Make sure that the program ends all processes that it starts.", held);
        }
    }
}
