namespace EdgeShelf.Capture;

/// <summary>Runs a program for each picture and takes what it writes to standard output.</summary>
sealed class CommandCamera(CommandCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    // Between the program's end and the end of its output there is nothing but the pipe, unless something it started holds that open.
    static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(0.5);

    ChildProcess? _child;

    public override string Kind => CameraKinds.Command;

    protected override string? LastWords => _child?.LastWords;

    protected override async Task<RawPicture> TakeAsync(CancellationToken cancellationToken)
    {
        string program = options.Program!;
        await using ChildProcess child = _child = ChildProcess.Start(program, options.Arguments, Clock);
        Task<byte[]> output = child.ReadOutputAsync(FrameBytes.MaxBytes);
        Task<int> exit = child.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(output, exit) == output)
            await output; // throws when it is too large, while the program still wants to write
        int exitCode = await exit;
        await Task.WhenAny(output, Task.Delay(OutputGrace, Clock, cancellationToken));
        await child.EndAsync();
        if (exitCode != 0)
            throw new CaptureException("camera-failed", $"{program} ended with {exitCode}{Quoted(child.LastWords)}", "Run it by hand as this user, with the same arguments.");
        byte[] picture = await OutputOf(output, program);
        if (picture.Length == 0)
            throw new CaptureException("no-picture", $"{program} ended with 0 and wrote nothing to standard output{Quoted(child.LastWords)}", "Let it write the picture to standard output, often with `-o -`.");
        return new RawPicture(picture, program);
    }

    async Task<byte[]> OutputOf(Task<byte[]> output, string program)
    {
        try
        {
            return await output.WaitAsync(OutputGrace, Clock);
        }
        catch (TimeoutException held)
        {
            throw new CaptureException("camera-failed", $"{program} ended and left something behind that keeps its output open.", "Let it end everything that it starts.", held);
        }
    }
}
