using EdgeShelf.Capture.Programs;

namespace EdgeShelf.Capture.Cameras;

/// <summary>Runs a program for each picture and reads the picture from its standard output.</summary>
sealed class CommandCamera(CommandCameraOptions options, TimeSpan timeout, TimeProvider clock) : BoundedCamera(timeout, clock)
{
    public static readonly CameraKind<CommandCameraOptions> Definition = new(
        "command", "Run Capture:Command:Program by hand as the service's user.", CaptureJson.Default.CommandCameraOptions, ProblemsOf,
        (options, settings) => new CommandCamera(options, settings.Timeout, settings.Clock) { Freeze = settings.Freeze });

    readonly OneShotProgram _program = new(clock);

    public override string Kind => Definition.Name;

    protected override string? LastWords => _program.LastWords;

    protected override async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        string program = options.Program!;
        return new Taken(await _program.RunAsync(program, options.Arguments, cancellationToken), program);
    }

    static IEnumerable<string> ProblemsOf(CommandCameraOptions command)
    {
        if (string.IsNullOrWhiteSpace(command.Program))
            yield return $"Capture:Command:Program is {SettingRules.Shown(command.Program)}; the camera `command` needs a program that writes a JPEG to standard output";
        else if (Executable.Find(command.Program) is null)
            yield return $"Capture:Command:Program is {command.Program}; allowed are executable files, by path or by name on the PATH";
    }
}

sealed class CommandCameraOptions
{
    /// <summary>The program, as a path or as a name on the PATH. It must write one JPEG or PNG to standard output and exit with code 0.</summary>
    public string? Program { get; set; }

    /// <summary>The arguments of the program. They are passed unchanged, without a shell.</summary>
    public IList<string> Arguments { get; set; } = [];
}
