using System.Text;
using EdgeShelf.Capture.Programs;
using EdgeShelf.Capture.V4l2;

namespace EdgeShelf.Capture.Cameras;

/// <summary>A camera that is connected now.</summary>
/// <param name="Kind">The kind that takes its pictures, as in `Capture:Camera`: `rpicam`, `v4l2`, or `onvif` for a camera in the network.</param>
/// <param name="Id">What stays the same while the camera is connected: the name of the sensor, the path of the device node, or the address.</param>
/// <param name="Name">The name for people.</param>
sealed record FoundCamera(string Kind, string Id, string Name)
{
    public override string ToString() => Name == Id ? $"{Name} ({Kind})" : $"{Name} ({Kind}, {Id})";
}

/// <param name="Cameras">The connected cameras, the one to use first.</param>
/// <param name="Problem">Why a place could not be searched, as a clause without a full stop, or null.</param>
sealed record CameraSearch(IReadOnlyList<FoundCamera> Cameras, string? Problem);

/// <summary>
/// Finds the cameras that are connected: those of the Raspberry Pi's camera ports, which its own program lists, and then video devices of the
/// kernel, such as USB cameras.
/// </summary>
sealed class CameraFinder(RpicamCameraOptions rpicam, TimeProvider clock, V4l2Devices? devices = null)
{
    /// <summary>The time limit for the list of each kind. The program needs about a second on a Raspberry Pi 3.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    readonly RpicamTool _tool = new(rpicam);
    readonly OneShotProgram _program = new(clock);
    readonly V4l2Devices _devices = devices ?? V4l2Devices.OfThisMachine;
    Task<(IReadOnlyList<V4l2Device> Devices, string? Problem)>? _listing;

    public async Task<CameraSearch> FindAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<FoundCamera> onPort, string? portProblem) = await TryAsync(SensorsAsync, "the Raspberry Pi's camera program did not list its cameras", cancellationToken);
        (IReadOnlyList<FoundCamera> video, string? videoProblem) = await TryAsync(VideoDevicesAsync, "the video devices did not answer", cancellationToken);
        return new CameraSearch([.. onPort, .. video], portProblem ?? videoProblem);
    }

    async Task<(IReadOnlyList<FoundCamera> Found, string? Problem)> TryAsync(
        Func<CancellationToken, Task<(IReadOnlyList<FoundCamera>, string?)>> search, string late, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await search(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], $"{late} within {Limit.TotalSeconds} s");
        }
    }

    async Task<(IReadOnlyList<FoundCamera>, string?)> SensorsAsync(CancellationToken cancellationToken)
    {
        string tool = rpicam.Warm ? "vid" : "still";
        if (!_tool.IsInstalled(tool))
            return ([], null);
        try
        {
            string listed = Encoding.UTF8.GetString(await _program.RunAsync(_tool.Find(tool), RpicamTool.ListArguments, cancellationToken));
            return ([.. RpicamTool.SensorsIn(listed).Take(1).Select(sensor => new FoundCamera(RpicamCamera.Definition.Name, sensor, sensor))], null);
        }
        catch (CaptureException failed)
        {
            return ([], failed.Message.TrimEnd('.'));
        }
    }

    async Task<(IReadOnlyList<FoundCamera>, string?)> VideoDevicesAsync(CancellationToken cancellationToken)
    {
        // A driver can block for ever, so at most one thread waits for it.
        if (_listing is null or { IsCompleted: true })
            _listing = Task.Factory.StartNew(
                () => (_devices.List(out string? problem), problem), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        (IReadOnlyList<V4l2Device> found, string? why) = await _listing.WaitAsync(cancellationToken);
        return ([.. found.Select(device => new FoundCamera(V4l2Camera.Definition.Name, device.Path, device.Name))], why);
    }
}
