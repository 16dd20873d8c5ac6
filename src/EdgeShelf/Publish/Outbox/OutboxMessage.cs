namespace EdgeShelf.Publish.Outbox;

/// <summary>One message that waits for the broker.</summary>
/// <param name="Topic">The topic below the base topic of the device: `result` or `event`.</param>
/// <param name="Payload">The document as UTF-8 JSON, with `"replayed":false`.</param>
/// <param name="WaitedLong">Whether the message was committed by an earlier run of the process, or more than ten seconds ago.</param>
sealed record OutboxMessage(long Seq, string Topic, byte[] Payload, bool WaitedLong);

/// <summary>How full the outbox is.</summary>
/// <param name="Bytes">The size of the payloads that wait, in bytes.</param>
/// <param name="Dropped">The number of messages dropped because of a cap since the outbox was created.</param>
/// <param name="Refused">The number of refused messages that are set aside and not yet retried or purged.</param>
readonly record struct OutboxDepth(long Messages, long Bytes, DateTimeOffset? OldestAt, long Dropped, long Refused);

/// <param name="Problem">Why the outbox cannot be read, for people, or null if it can be read. If it cannot, the numbers are the last known ones.</param>
sealed record OutboxFill(OutboxDepth Depth, string? Problem);
