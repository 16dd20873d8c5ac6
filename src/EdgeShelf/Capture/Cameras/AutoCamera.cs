using EdgeShelf.Capture.V4l2;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Capture.Cameras;

/// <summary>
/// Uses the first camera that is connected. It keeps that camera until it fails and is gone; then it chooses another one. A device to which
/// no camera was connected yet has not failed: the code is then <see cref="CaptureException.NoCamera"/>.
/// </summary>
/// <param name="create">Creates the camera for what was found.</param>
sealed class AutoCamera(CameraFinder finder, Func<FoundCamera, Camera> create) : Camera
{
    public static readonly CameraKind Definition = new AutoCameraKind();

    const string Connect = "Connect a Raspberry Pi camera or a USB camera, or name a network camera: `sudo edgeshelf setup`.";

    readonly SemaphoreSlim _one = new(1, 1);
    Chosen? _chosen;
    bool _isDoubtful;
    string? _hadPictureOf;

    /// <summary>The kind of the camera in use, or `auto` while there is none.</summary>
    public override string Kind => Volatile.Read(ref _chosen)?.Camera.Kind ?? Definition.Name;

    public override async Task<Frame> CaptureAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            Chosen chosen = await ChooseAsync(cancellationToken);
            // Whatever ends the capture, the camera may be gone. After a picture it is known to be there.
            _isDoubtful = true;
            Frame frame = await chosen.Camera.CaptureAsync(cancellationToken);
            (_isDoubtful, _hadPictureOf) = (false, chosen.Found.ToString());
            return frame;
        }
        finally
        {
            _one.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_chosen is { } chosen)
            await chosen.Camera.DisposeAsync();
        await base.DisposeAsync();
    }

    async Task<Chosen> ChooseAsync(CancellationToken cancellationToken)
    {
        if (_chosen is { } trusted && !_isDoubtful)
            return trusted;
        CameraSearch search = await finder.FindAsync(cancellationToken);
        if (_chosen is { } still && search.Cameras.Contains(still.Found))
            return still;
        if (_chosen is { } gone)
        {
            Volatile.Write(ref _chosen, null);
            await gone.Camera.DisposeAsync();
        }
        if (search.Cameras.Count == 0)
            throw Nothing(search.Problem);
        Chosen next = new(search.Cameras[0], create(search.Cameras[0]));
        Volatile.Write(ref _chosen, next);
        return next;
    }

    CaptureException Nothing(string? problem)
    {
        string why = problem is null ? "" : $" ({problem})";
        return _hadPictureOf is { } lost
            ? new CaptureException("camera-unreachable", $"The camera {lost} is gone, and no other one is connected{why}.", "Connect it again, and check its cable and power.")
            : new CaptureException(CaptureException.NoCamera, $"No camera is connected yet{why}.", Connect);
    }

    sealed record Chosen(FoundCamera Found, Camera Camera);

    sealed record AutoCameraKind() : CameraKind("auto", null, Connect)
    {
        public override IReadOnlyList<CameraKind> ChoosesFrom => [RpicamCamera.Definition, V4l2Camera.Definition];

        public override void AddOptionsTo(IServiceCollection services)
        {
            // It has no settings of its own and uses those of the kinds that it chooses from.
        }

        public override IEnumerable<string> WhatIsAbsent(IConfiguration configuration) => [];

        public override Camera Create(IServiceProvider services, CameraSettings settings)
        {
            RpicamCameraOptions rpicam = services.GetRequiredService<IOptions<RpicamCameraOptions>>().Value;
            V4l2CameraOptions v4l2 = services.GetRequiredService<IOptions<V4l2CameraOptions>>().Value;
            return new AutoCamera(new CameraFinder(rpicam, settings.Clock), found => found.Kind == V4l2Camera.Definition.Name
                ? V4l2Camera.Definition.Factory(v4l2.At(found.Id), settings)
                : RpicamCamera.Definition.Factory(rpicam, settings));
        }
    }
}
