namespace EdgeShelf.Shelf;

/// <summary>What the service can be busy with. Each has a time limit of its own; the watchdog knows when it did not hold.</summary>
enum Stage
{
    /// <summary>Waiting for the camera.</summary>
    Capture,

    /// <summary>Decoding and classifying one picture.</summary>
    Inference,

    /// <summary>Writing to or reading from the outbox on disk.</summary>
    Outbox,

    /// <summary>One exchange with the broker.</summary>
    Publish,
}
