namespace EdgeShelf.Capture.Programs;

/// <summary>A program that writes one picture to standard output and ends, run once for each picture.</summary>
/// <param name="kill">kill(2); another one in tests.</param>
sealed class OneShotProgram(TimeProvider clock, Func<int, int, int>? kill = null)
{
    // Between the program's end and the end of its output there is nothing but the pipe, unless something it started holds that open.
    static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(0.5);

    ChildProcess? _child;

    /// <summary>What the last run said on standard error.</summary>
    public string? LastWords => _child?.LastWords;

    /// <summary>Runs it once; it and all that it started are gone at the end.</summary>
    /// <exception cref="CaptureException">It cannot be started, fails, writes nothing or too much.</exception>
    public async Task<byte[]> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await using ChildProcess child = _child = ChildProcess.Start(program, arguments, clock, _child, kill);
        Task<byte[]> output = child.ReadOutputAsync(FrameBytes.MaxBytes);
        Task<int> exit = child.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(output, exit) == output)
            await output; // throws when it is too large, while the program still wants to write
        int exitCode = await exit;
        await Task.WhenAny(output, Task.Delay(OutputGrace, clock, cancellationToken));
        await child.EndAsync();
        if (exitCode != 0)
            throw new CaptureException("camera-failed", $"{program} ended with {exitCode}{Words.Quoted(child.LastWords)}", "Run it by hand as this user, with the same arguments.");
        byte[] picture = await OutputOf(output, program);
        return picture.Length > 0
            ? picture
            : throw new CaptureException("no-picture", $"{program} ended with 0 and wrote nothing to standard output{Words.Quoted(child.LastWords)}", "Let it write the picture to standard output, often with `-o -`.");
    }

    async Task<byte[]> OutputOf(Task<byte[]> output, string program)
    {
        try
        {
            return await output.WaitAsync(OutputGrace, clock);
        }
        catch (TimeoutException held)
        {
            throw new CaptureException("camera-failed", $"{program} ended and left something behind that keeps its output open.", "Let it end everything that it starts.", held);
        }
    }
}
