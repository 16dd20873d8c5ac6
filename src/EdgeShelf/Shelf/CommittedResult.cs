namespace EdgeShelf.Shelf;

/// <summary>A result that is on disk, with the number and the id that identify it for the backend.</summary>
/// <param name="Id">The id, `device-seq`. A copy that is sent again has the same id.</param>
/// <param name="Seq">A number that increases by one with each result or event of the device and is never used twice.</param>
/// <param name="Boot">The kernel's boot id.</param>
/// <param name="CapturedAt">The time when the picture was taken, in UTC.</param>
/// <param name="ClockSynced">Whether the system clock was known to be right at that time.</param>
/// <param name="CommittedAt">The timestamp of the commit on the monotonic clock, from which the age of the result is computed.</param>
/// <param name="Installation">The id of the installation, which tells apart two devices of one name.</param>
sealed record CommittedResult(
    string Id, string Device, long Seq, string Boot, DateTimeOffset CapturedAt, bool ClockSynced, Trigger Trigger, ShelfResult Result, long CommittedAt, Guid Installation);
