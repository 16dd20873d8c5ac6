using System.Globalization;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Chaos;

/// <summary>
/// Lets things go wrong in an order that a seed gives, each kind as often as the others. The judge stands outside: what
/// went over the link, what the camera gave, what a subscriber with a persistent session saw.
/// </summary>
sealed class ChaosRun(ShelfUnderTest shelf, int seed, Action<string> say)
{
    static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    static readonly TimeSpan AllComesWithin = TimeSpan.FromMinutes(2);

    /// <summary>README: publishing again so long after whatever it was is mended.</summary>
    static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(35);

    readonly Random _random = new(seed);
    readonly ProcessSamples _samples = new();
    readonly List<string> _problems = [];
    long _started;
    readonly Dictionary<string, (int Times, long Seen)> _faults = [];
    int _ends;
    string _atSubscriber = "";
    (TimeSpan Time, string After) _slowest = (TimeSpan.Zero, "nothing");

    TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    /// <param name="endsUntil">Later the service's process is left alone, so that what it holds can be watched.</param>
    /// <returns>What breaks a promise, empty when all hold; and the figures.</returns>
    public async Task<(IReadOnlyList<string> Problems, string Report)> RunAsync(TimeSpan duration, TimeSpan endsUntil, CancellationToken cancellationToken)
    {
        using MosquittoSub subscriber = await MosquittoSub.StartAsync(shelf.Broker, session: "the-backend");
        _started = TimeProvider.System.GetTimestamp();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sampling = SampleAsync(ended.Token);
        Queue<Fault> bag = new();
        Faults faults = new(shelf, _random);
        // The first round goes to its end: each kind once, however short the run is.
        while (Elapsed < duration || (bag.Count > 0 && _faults.Count < faults.All.Count))
        {
            if (bag.Count == 0)
                bag = new Queue<Fault>(faults.All.Where(fault => !fault.IsForTheFirstHalf || Elapsed < endsUntil).OrderBy(_ => _random.Next()));
            await HappenAsync(bag.Dequeue(), cancellationToken);
        }
        await SettleAsync();
        await ended.CancelAsync();
        await sampling;
        _problems.AddRange(_faults.Where(fault => fault.Value.Seen == 0).Select(fault => $"{fault.Key} was never seen to happen"));
        if (shelf.TimesSaid("The LED cannot be used") == 0)
            _problems.Add("the LED was not out of order");
        _problems.AddRange(shelf.Link.Ledger.Problems(shelf.Accepted, shelf.Camera.Gave));
        await JudgeSubscriberAsync(subscriber);
        if (shelf.Link.InOlderVersion > 0)
            _problems.Add($"{shelf.Link.InOlderVersion} messages came in MQTT 3.1.1");
        return (_problems, Report());
    }

    async Task HappenAsync(Fault fault, CancellationToken cancellationToken)
    {
        _ends += fault.EndsService ? 1 : 0;
        say(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds:0} s: {fault.Name}; {shelf.Link.Ledger.Receipts} messages so far"));
        long seen = await fault.Happen(cancellationToken);
        (int times, long before) = _faults.GetValueOrDefault(fault.Name);
        _faults[fault.Name] = (times + 1, before + seen);
        long mended = TimeProvider.System.GetTimestamp();
        long receipts = shelf.Link.Ledger.Receipts;
        if (!await Wait.TryUntilAsync(() => shelf.Link.Ledger.Receipts > receipts, AllComesWithin))
            _problems.Add($"nothing came for {AllComesWithin.TotalSeconds} s after {fault.Name}; the service's last words: {shelf.LastWords}");
        TimeSpan back = TimeProvider.System.GetElapsedTime(mended);
        if (back > BackWithin)
            _problems.Add($"publishing again took {back.TotalSeconds:0} s after {fault.Name}");
        if (back > _slowest.Time)
            _slowest = (back, fault.Name);
    }

    /// <summary>Ends the captures, then waits for what was committed.</summary>
    async Task SettleAsync()
    {
        say("all is mended; waiting for what was committed");
        shelf.Stop();
        shelf.Replace("--set", "Capture:Interval=0");
        IReadOnlyList<long> accepted = shelf.Accepted;
        await Wait.TryUntilAsync(() => accepted.All(shelf.Link.Ledger.IsSettled), AllComesWithin);
    }

    /// <summary>What it saw came in order, and is what went over the link. What a killed broker forgot is the broker's.</summary>
    async Task JudgeSubscriberAsync(MosquittoSub subscriber)
    {
        IReadOnlySet<long> receipted = shelf.Link.Ledger.Receipted();
        await Wait.TryUntilAsync(() => Seen(subscriber).Any(message => message.Seq == receipted.Max()), TimeSpan.FromSeconds(10));
        ILookup<long, string> sent = shelf.Link.Ledger.SentInOrder.ToLookup(message => message.Seq, message => message.Text);
        long highest = 0;
        HashSet<long> known = [];
        foreach (Message message in Seen(subscriber))
        {
            if (!sent[message.Seq].Contains(message.Text))
                _problems.Add($"the subscriber saw a {message.Id} that was never sent");
            if (known.Add(message.Seq) && message.Seq < highest)
                _problems.Add($"the subscriber saw {message.Id} for the first time after {highest}");
            highest = Math.Max(highest, message.Seq);
        }
        _atSubscriber = $"the subscriber saw {receipted.Count(known.Contains)} of the {receipted.Count} that the broker took";
    }

    static IReadOnlyList<Message> Seen(MosquittoSub subscriber) =>
        [.. subscriber.Seen.Select(seen => Message.TryRead(seen.Topic, System.Text.Encoding.UTF8.GetBytes(seen.Payload))).OfType<Message>()];

    string Report()
    {
        IReadOnlyList<Message> sent = shelf.Link.Ledger.SentInOrder;
        int numbers = sent.DistinctBy(message => message.Seq).Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}, {Elapsed.TotalMinutes:0} min: {_faults.Values.Sum(fault => fault.Times)} faults, {_ends} ends of the service; {shelf.Accepted.Count} results committed; {numbers} results and events sent, {sent.Count - numbers} copies beside them; {_atSubscriber}; "
            + $"{_problems.Count} problems; longest way back {_slowest.Time.TotalSeconds:0.0} s after {_slowest.After}; {_samples.Report()}\n")
            + string.Join('\n', _faults.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Key}: {fault.Value.Times} times, seen {fault.Value.Seen} times")));
    }

    async Task SampleAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(SampleEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                _samples.Take(shelf.ServiceId);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
