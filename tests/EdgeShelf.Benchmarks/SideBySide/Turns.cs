using System.Diagnostics;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Measures contenders in turn, so that what else happens on the machine slows all of them alike.</summary>
/// <param name="processor">The only processor that a contender may use, or null for all of them.</param>
sealed class Turns(IReadOnlyList<Contender> contenders, int? processor, int threads, byte[] picture, SideBySideOptions options) : IDisposable
{
    public const int Clients = 4;

    /// <summary>EdgeShelf gives memory back when it has been idle for two looks, 5 s apart.</summary>
    static readonly TimeSpan RestsAfter = TimeSpan.FromSeconds(12);

    readonly List<RunningContender> _running = [];
    readonly DirectoryInfo _states = Directory.CreateTempSubdirectory("edgeshelf-side-by-side-");

    /// <summary>The contenders that were started.</summary>
    public IReadOnlyList<RunningContender> Running => _running;

    /// <summary>Starts each contender several times, alone, and leaves the last one running.</summary>
    /// <returns>The median time to the first answer, in milliseconds, in the order of the contenders.</returns>
    public async Task<IReadOnlyList<double>> StartAsync()
    {
        List<double> starts = [];
        foreach (Contender contender in contenders)
        {
            string state = _states.CreateSubdirectory(contender.Key).FullName;
            double[] times = new double[options.Starts];
            for (int i = 0; i < times.Length; i++)
            {
                (RunningContender service, TimeSpan start) = await RunningContender.StartAsync(contender, processor, threads, state, picture);
                times[i] = start.TotalMilliseconds;
                if (i == times.Length - 1)
                    _running.Add(service);
                else
                    service.Dispose();
            }
            starts.Add(Comparison.Median(times));
        }
        return starts;
    }

    /// <summary>Measures those that run.</summary>
    /// <param name="starts">What <see cref="StartAsync"/> returned.</param>
    public async Task<IReadOnlyList<Figures>> MeasureAsync(IReadOnlyList<double> starts)
    {
        Tally[] tallies = [.. _running.Select(service => new Tally(service))];
        for (int round = 0; round < options.Rounds; round++)
        {
            // Forth and back, so that nobody always follows the same one.
            foreach (Tally tally in round % 2 == 0 ? tallies : tallies.Reverse())
                await TakeTurnAsync(tally);
        }
        await Task.Delay(options.IsQuick ? TimeSpan.Zero : RestsAfter, TimeProvider.System);
        return [.. tallies.Zip(starts, (tally, start) => tally.Figures() with { Start = start })];
    }

    public void Dispose()
    {
        foreach (RunningContender service in _running)
            service.Dispose();
        _states.Delete(recursive: true);
    }

    async Task TakeTurnAsync(Tally tally)
    {
        RunningContender service = tally.Service;
        double cpu = ProcessFigures.CpuSeconds(service.Id);
        // The others had the processor's caches in the meantime.
        await service.AskAsync(picture);
        await using (new MemorySamples(service.Id, tally.Busy))
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < options.PicturesATurn; i++)
                tally.Answers.Add(await service.AskAsync(picture));
            tally.SecondsOfOne += Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        await using (new MemorySamples(service.Id, tally.Crowded))
        {
            int left = options.PicturesATurn;
            async Task AskUntilAllAreDoneAsync()
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await service.AskAsync(picture);
            }
            long started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => AskUntilAllAreDoneAsync()));
            tally.SecondsOfMany += Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        tally.CpuSeconds += ProcessFigures.CpuSeconds(service.Id) - cpu;
        tally.Pictures += 1 + 2 * options.PicturesATurn;
    }

    /// <summary>What was counted of one contender so far.</summary>
    sealed class Tally(RunningContender service)
    {
        public RunningContender Service => service;

        public List<Answer> Answers { get; } = [];

        public List<Memory> Busy { get; } = [];

        public List<Memory> Crowded { get; } = [];

        public double SecondsOfOne { get; set; }

        public double SecondsOfMany { get; set; }

        public double CpuSeconds { get; set; }

        public int Pictures { get; set; }

        public Figures Figures() => new(service.Contender.Key, service.Contender.Title)
        {
            Latency = Comparison.Median(Answers.Select(answer => answer.Took)),
            Network = Comparison.Median(Answers.Select(answer => answer.Network)),
            PerSecondOfOne = Answers.Count / SecondsOfOne,
            PerSecondOfMany = Answers.Count / SecondsOfMany,
            CpuOfThousand = CpuSeconds / Pictures * 1000,
            Busy = new Memory(Comparison.Median(Busy.Select(sample => sample.Resident)), Comparison.Median(Busy.Select(sample => sample.Anonymous))),
            Peak = new Memory(ProcessFigures.PeakResident(service.Id), Busy.Concat(Crowded).Max(sample => sample.Anonymous)),
            Resting = ProcessFigures.Exact(service.Id),
        };
    }
}
