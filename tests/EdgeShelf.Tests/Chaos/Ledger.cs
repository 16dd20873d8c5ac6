namespace EdgeShelf.Tests.Chaos;

/// <summary>What came to the broker, in its order. Safe from any thread.</summary>
sealed class Ledger
{
    readonly Lock _lock = new();
    readonly List<Message> _sent = [];
    readonly HashSet<long> _receipted = [];
    readonly HashSet<long> _explained = [];
    long _receipts;

    public IReadOnlyList<Message> SentInOrder
    {
        get
        {
            lock (_lock)
                return [.. _sent];
        }
    }

    /// <summary>How often the broker said that it has a message, copies counted again.</summary>
    public long Receipts => Interlocked.Read(ref _receipts);

    public void Sent(Message message)
    {
        lock (_lock)
            _sent.Add(message);
    }

    public void Received(Message message)
    {
        lock (_lock)
        {
            _receipted.Add(message.Seq);
            for (long seq = message.GapFrom ?? 1; seq <= (message.GapTo ?? 0); seq++)
                _explained.Add(seq);
        }
        Interlocked.Increment(ref _receipts);
    }

    /// <summary>What the broker said that it has.</summary>
    public IReadOnlySet<long> Receipted()
    {
        lock (_lock)
            return _receipted.ToHashSet();
    }

    /// <summary>The broker has it, or an event that says why it does not come.</summary>
    public bool IsSettled(long seq)
    {
        lock (_lock)
            return _receipted.Contains(seq) || _explained.Contains(seq);
    }

    /// <summary>What breaks a promise, in words; empty when all hold.</summary>
    /// <param name="accepted">Numbers that the service said it had committed.</param>
    /// <param name="cameraGave">Whether a picture of this SHA-256 is one that the camera gave.</param>
    public IEnumerable<string> Problems(IEnumerable<long> accepted, Func<string, bool> cameraGave)
    {
        Dictionary<long, Message> first = [];
        long last = 0;
        foreach (Message message in SentInOrder)
        {
            if (first.TryGetValue(message.Seq, out Message? known))
            {
                if (known.Text != message.Text)
                    yield return $"two copies of {message.Id} differ: {known.Text} and {message.Text}";
                continue;
            }
            if (message.Seq < last)
                yield return $"{message.Id} came for the first time after {last}";
            last = Math.Max(last, message.Seq);
            first[message.Seq] = message;
            if (message.Sha256 is { } picture && !cameraGave(picture))
                yield return $"{message.Id} is of a picture that the camera never gave";
        }
        foreach (long seq in accepted.Where(seq => !IsSettled(seq)))
            yield return $"number {seq} was committed and never came";
        for (long seq = 1; seq <= last; seq++)
        {
            if (!first.ContainsKey(seq) && !IsSettled(seq))
                yield return $"number {seq} is missing and no event says why";
        }
        if (first.Values.DistinctBy(message => message.Id).Count() != first.Count)
            yield return "one id stands for two documents";
    }
}
