namespace EdgeShelf.Publish.Outbox;

/// <summary>The topics, below the device's base topic, whose messages go through the outbox.</summary>
static class OutboxTopics
{
    public const string Result = "result";
    public const string Event = "event";
}
