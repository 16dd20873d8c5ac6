using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Shelf;

/// <summary>
/// What the device knows about itself right now: the worker and the sender write it, `…/state`, the page and systemd's
/// status line read it. Safe from any thread.
/// </summary>
sealed class ShelfStatus(TimeProvider clock)
{
    readonly Lock _gate = new();
    StatusSnapshot _now = new() { StartedAt = clock.GetUtcNow() };

    /// <summary>Raised after each change, on the thread that made it; handlers only signal.</summary>
    public event Action? Changed;

    public StatusSnapshot Now
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    public void ModelLoaded(ModelInfo model) => Update(now => now with { Model = model });

    /// <summary>A picture was taken, classified and committed.</summary>
    /// <returns>True when the camera had been failing or was never heard of: it is back.</returns>
    public bool CaptureSucceeded(ResultDocument result)
    {
        bool wasFailing = Now.Camera.State == CameraState.Failing;
        Update(now => now with
        {
            LastResult = result,
            LastResultAt = clock.GetUtcNow(),
            Captures = now.Captures + 1,
            Camera = now.Camera.State == CameraState.Working ? now.Camera : new CameraStatus(CameraState.Working, clock.GetUtcNow(), null, null),
        });
        return wasFailing;
    }

    /// <summary>No result came of a trigger.</summary>
    /// <returns>True when this failure is new: another code than the last, or the first after a success.</returns>
    public bool CaptureFailed(string code, string message)
    {
        CameraStatus before = Now.Camera;
        bool isNew = before.State != CameraState.Failing || before.Code != code;
        Update(now => now with
        {
            Failures = now.Failures + 1,
            Camera = new CameraStatus(CameraState.Failing, before.State == CameraState.Failing ? before.Since : clock.GetUtcNow(), code, message),
        });
        return isNew;
    }

    public void BrokerConnected() => Update(now => now with { BrokerConnected = true, BrokerSince = clock.GetUtcNow(), BrokerProblem = null });

    public void BrokerLost(string problem) => Update(now => now with
    {
        BrokerConnected = false,
        BrokerSince = now.BrokerConnected || now.BrokerSince is null ? clock.GetUtcNow() : now.BrokerSince,
        BrokerProblem = problem,
    });

    void Update(Func<StatusSnapshot, StatusSnapshot> change)
    {
        lock (_gate)
            _now = change(_now);
        Changed?.Invoke();
    }
}

sealed record StatusSnapshot
{
    public required DateTimeOffset StartedAt { get; init; }
    public ModelInfo? Model { get; init; }
    public CameraStatus Camera { get; init; } = new(CameraState.Unknown, null, null, null);
    public ResultDocument? LastResult { get; init; }
    public DateTimeOffset? LastResultAt { get; init; }
    public long Captures { get; init; }
    public long Failures { get; init; }
    public bool BrokerConnected { get; init; }
    public DateTimeOffset? BrokerSince { get; init; }
    public string? BrokerProblem { get; init; }
}

enum CameraState { Unknown, Working, Failing }

/// <param name="Since">When it began to work or to fail.</param>
/// <param name="Code">Of the last failure, as in <see cref="Capture.CaptureException.Code"/>.</param>
sealed record CameraStatus(CameraState State, DateTimeOffset? Since, string? Code, string? Message);
