using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A Raspberry Pi camera that is opened for each picture. It is slow, but uses no power in between.</summary>
sealed class RpicamStillCamera(RpicamCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    readonly RpicamTool _tool = new(options);
    readonly OneShotProgram _program = new(clock);

    public override string Kind => RpicamCamera.Definition.Name;

    protected override string? LastWords => _program.LastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = _tool.Find("still");
        return new Taken(await _program.RunAsync(program, _tool.StillArguments, cancellationToken), program);
    }
}
