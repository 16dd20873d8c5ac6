namespace EdgeShelf.Shelf;

/// <summary>
/// The current status of the device. The worker and the sender write it; `…/state`, the page, the LED and systemd's status line read
/// it. All members are thread-safe.
/// </summary>
sealed class ShelfStatus(TimeProvider clock)
{
    readonly Lock _gate = new();
    StatusSnapshot _now = new() { StartedAt = clock.GetUtcNow() };

    /// <summary>Raised after each change, on the thread that made it. Handlers must return quickly.</summary>
    public event Action? Changed;

    public StatusSnapshot Now
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    /// <summary>The time since the last result was committed, by the monotonic clock. Null before the first result of this run.</summary>
    public TimeSpan? LastResultAge => Now.LastResult is { } last ? clock.GetElapsedTime(last.CommittedAt) : null;

    /// <summary>Records that the camera returned a picture that could be decoded and classified.</summary>
    /// <returns>True if the camera had been failing before.</returns>
    public bool PictureTaken()
    {
        bool wasFailing = Now.Camera.State == PartState.Failing;
        Update(now => now with { Camera = Working(now.Camera), Model = Working(now.Model) });
        return wasFailing;
    }

    /// <summary>Records that the result of a picture is on disk.</summary>
    public void ResultCommitted(CommittedResult result) => Update(now => now with
    {
        LastResult = result,
        LastResultAt = clock.GetUtcNow(),
        Captures = now.Captures + 1,
        Storage = Working(now.Storage),
    });

    /// <summary>Records that a trigger did not produce a result.</summary>
    /// <param name="part">The part of the device that failed.</param>
    /// <param name="code">See <see cref="EdgeShelfException.Code"/>.</param>
    /// <returns>True if this failure is new: its code differs from the last one, or it is the first after a success.</returns>
    public bool CaptureFailed(DevicePart part, string code, string message)
    {
        bool isNew = false;
        Update(now =>
        {
            PartStatus before = now.Of(part);
            isNew = before.State != PartState.Failing || before.Code != code;
            PartStatus after = new(PartState.Failing, before.State == PartState.Failing ? before.Since : clock.GetUtcNow(), code, message);
            now = now with { Failures = now.Failures + 1 };
            return part switch
            {
                DevicePart.Camera => now with { Camera = after },
                DevicePart.Model => now with { Model = after },
                _ => now with { Storage = after },
            };
        });
        return isNew;
    }

    /// <summary>Records that no camera was connected yet. This is a state and not a failure: it stays until the first picture.</summary>
    /// <returns>True if that was not known before.</returns>
    public bool CameraIsAbsent(string code, string message)
    {
        PartStatus before = Now.Camera;
        if ((before.State, before.Code, before.Message) == (PartState.Unknown, code, message))
            return false;
        Update(now => now with { Camera = new PartStatus(PartState.Unknown, now.Camera.Since ?? clock.GetUtcNow(), code, message) });
        return before.Code != code;
    }

    public void BrokerConnected() => Update(now => now with { BrokerConnected = true, BrokerSince = clock.GetUtcNow(), BrokerProblem = null });

    public void BrokerLost(string problem) => Update(now => now with
    {
        BrokerConnected = false,
        BrokerSince = now.BrokerConnected || now.BrokerSince is null ? clock.GetUtcNow() : now.BrokerSince,
        BrokerProblem = problem,
    });

    /// <summary>Records how much waits for a person.</summary>
    /// <param name="newest">The id of the newest of them, or 0 if none waits. It tells that something else waits although the number is the same.</param>
    public void ReviewWaits(int waiting, long newest)
    {
        if ((Now.ReviewWaiting, Now.ReviewNewest) != (waiting, newest))
            Update(now => now with { ReviewWaiting = waiting, ReviewNewest = newest });
    }

    /// <summary>Raises the event after a change of state that is kept elsewhere, such as the model in use.</summary>
    public void Touch() => Update(now => now with { });

    PartStatus Working(PartStatus before) => before.State == PartState.Working ? before : new PartStatus(PartState.Working, clock.GetUtcNow(), null, null);

    void Update(Func<StatusSnapshot, StatusSnapshot> change)
    {
        lock (_gate)
            _now = change(_now);
        Changed?.Invoke();
    }
}

sealed record StatusSnapshot
{
    static readonly PartStatus NotUsedYet = new(PartState.Unknown, null, null, null);

    public required DateTimeOffset StartedAt { get; init; }
    public PartStatus Camera { get; init; } = NotUsedYet;

    /// <summary>Whether the network works. The model in use tells which network it is.</summary>
    public PartStatus Model { get; init; } = NotUsedYet;

    /// <summary>Whether results can be written to disk.</summary>
    public PartStatus Storage { get; init; } = NotUsedYet;
    public CommittedResult? LastResult { get; init; }
    public DateTimeOffset? LastResultAt { get; init; }
    public long Captures { get; init; }
    public long Failures { get; init; }
    public bool BrokerConnected { get; init; }
    public DateTimeOffset? BrokerSince { get; init; }
    public string? BrokerProblem { get; init; }

    /// <summary>The number of pictures that wait for a person, or null if it is not known or nothing is asked.</summary>
    public int? ReviewWaiting { get; init; }

    /// <summary>The id of the newest of them, or 0.</summary>
    public long ReviewNewest { get; init; }

    /// <summary>Whether no camera was connected yet, as opposed to a camera that gave no picture yet.</summary>
    public bool HasNoCamera => Camera is { State: PartState.Unknown, Code: not null };

    public PartStatus Of(DevicePart part) => part switch
    {
        DevicePart.Camera => Camera,
        DevicePart.Model => Model,
        _ => Storage,
    };
}

/// <summary>The parts of the device that process a picture before its result is on disk.</summary>
enum DevicePart { Camera, Model, Storage }

enum PartState { Unknown, Working, Failing }

/// <param name="Since">The time when the part began to work, to fail or to be missed.</param>
/// <param name="Code">The code of the last failure, as in <see cref="EdgeShelfException.Code"/>, or of what is missing.</param>
sealed record PartStatus(PartState State, DateTimeOffset? Since, string? Code, string? Message)
{
    /// <summary>The state's name in the documents: `unknown`, `working` or `failing`.</summary>
    public string StateName => State switch
    {
        PartState.Working => "working",
        PartState.Failing => "failing",
        _ => "unknown",
    };
}
