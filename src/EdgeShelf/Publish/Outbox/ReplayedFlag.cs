namespace EdgeShelf.Publish.Outbox;

/// <summary>Turns `"replayed":false` of a committed document into true; every other byte stays.</summary>
static class ReplayedFlag
{
    static ReadOnlySpan<byte> NotReplayed => "\"replayed\":false"u8;
    static ReadOnlySpan<byte> IsReplayed => "\"replayed\":true"u8;

    public static byte[] Set(byte[] payload)
    {
        // The first occurrence is the document's own: nothing before it holds free text.
        int at = payload.AsSpan().IndexOf(NotReplayed);
        return at < 0 ? payload : [.. payload.AsSpan(0, at), .. IsReplayed, .. payload.AsSpan(at + NotReplayed.Length)];
    }
}
