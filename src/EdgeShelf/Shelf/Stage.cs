namespace EdgeShelf.Shelf;

/// <summary>The stages of the service's work. Each has its own time limit, and the watchdog detects a stage that exceeds it.</summary>
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
