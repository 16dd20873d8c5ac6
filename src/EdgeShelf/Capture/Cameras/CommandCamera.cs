using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Runs a program for each picture and takes what it writes to standard output.</summary>
sealed class CommandCamera(CommandCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    readonly OneShotProgram _program = new(clock);

    public override string Kind => CameraKinds.Command;

    protected override string? LastWords => _program.LastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = options.Program!;
        return new Taken(await _program.RunAsync(program, options.Arguments, cancellationToken), program);
    }
}
