namespace EdgeShelf.Publish.Outbox;

/// <summary>Changes `"replayed":false` of a committed document to true, and leaves all other bytes unchanged.</summary>
static class ReplayedFlag
{
    static ReadOnlySpan<byte> NotReplayed => "\"replayed\":false"u8;
    static ReadOnlySpan<byte> IsReplayed => "\"replayed\":true"u8;

    public static byte[] Set(byte[] payload)
    {
        // The first occurrence is the field of the document, because no free text comes before it.
        int at = payload.AsSpan().IndexOf(NotReplayed);
        return at < 0 ? payload : [.. payload.AsSpan(0, at), .. IsReplayed, .. payload.AsSpan(at + NotReplayed.Length)];
    }
}
