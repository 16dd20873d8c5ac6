using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Outbox;

/// <summary>The outbox could not be read or written; nothing was committed.</summary>
sealed class OutboxException(string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    public override string Code => NotKept;
}
