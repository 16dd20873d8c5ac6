namespace EdgeShelf.Shelf;

/// <summary>A result that is on disk, with the number and the id by which the backend knows it.</summary>
/// <param name="Id">`device-seq`; a copy that is sent again has the same.</param>
/// <param name="Seq">Grows by one with each result or event of the device and is never used twice.</param>
/// <param name="Boot">The kernel's boot id.</param>
/// <param name="CapturedAt">When the picture was taken, UTC.</param>
/// <param name="ClockSynced">Whether the system clock was known to be right at that time.</param>
/// <param name="CommittedAt">Timestamp of the commit on the monotonic clock, from which the result's age counts.</param>
/// <param name="Installation">Tells apart two devices of one name.</param>
sealed record CommittedResult(
    string Id, string Device, long Seq, string Boot, DateTimeOffset CapturedAt, bool ClockSynced, Trigger Trigger, ShelfResult Result, long CommittedAt, Guid Installation);
