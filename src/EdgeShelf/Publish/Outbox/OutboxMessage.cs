namespace EdgeShelf.Publish.Outbox;

/// <summary>One message that waits for the broker.</summary>
/// <param name="Topic">Below the device's base topic: `result` or `event`.</param>
/// <param name="Payload">UTF-8 JSON, committed with `"replayed":false`.</param>
/// <param name="WaitedLong">It was committed by an earlier run of the process, or more than ten seconds ago.</param>
sealed record OutboxMessage(long Seq, string Topic, byte[] Payload, bool WaitedLong);

/// <summary>How full the outbox is.</summary>
/// <param name="Bytes">Of the payloads that wait.</param>
/// <param name="Dropped">Since the outbox was begun: given up because of a cap.</param>
/// <param name="Refused">Set aside and not yet retried or purged.</param>
readonly record struct OutboxDepth(long Messages, long Bytes, DateTimeOffset? OldestAt, long Dropped, long Refused);

/// <param name="Problem">Why the outbox cannot be read, for people; the numbers are then the last that were known. Null when it can be read.</param>
sealed record OutboxFill(OutboxDepth Depth, string? Problem);
