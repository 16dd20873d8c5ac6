using System.Globalization;
using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture.Cameras;

/// <summary>
/// A real RTSP server that is killed and stalled at moments that a seed chooses. Each frame shows when it was made. The run is short here;
/// EDGESHELF_RTSP_MINUTES and EDGESHELF_RTSP_SEED make it longer or different, and then the test process must run nothing else.
/// </summary>
[Collection(RtspServer.Collection)]
public sealed class RtspBySeedTests : IDisposable
{
    const int Seed = 20261127;
    const int Bits = 32;

    static readonly TimeSpan Short = TimeSpan.FromSeconds(35);
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <summary>The longest pause after failures, and what a picture may take on a busy machine.</summary>
    static readonly TimeSpan BackLimit = RetryPause.Longest + TimeSpan.FromSeconds(60);

    /// <summary>A frame shows the time of its making in hundredths of a second; the two clocks are one.</summary>
    static readonly TimeSpan Exactness = TimeSpan.FromSeconds(0.05);

    readonly RtspServer _server = new();
    readonly List<TimeSpan> _ages = [];
    readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    TimeSpan _longestWayBack;
    int _pictures;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task NoFaultOfTheServerMakesAPictureOldOrLeavesAnythingBehind()
    {
        double minutes = Setting("EDGESHELF_RTSP_MINUTES", 0);
        int seed = (int)Setting("EDGESHELF_RTSP_SEED", Seed);
        TimeSpan length = minutes > 0 ? TimeSpan.FromMinutes(minutes) : Short;
        int port = await _server.StartAsync(0);
        await using RtspCamera camera = new(new RtspCameraOptions { Url = $"rtsp://127.0.0.1:{port}/stamped" }, Timeout, TimeProvider.System);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task taking = TakeAsync(camera, ended);
        try
        {
            await BreakAsync(new Random(seed), port, length, minutes > 0, ended.Token);
        }
        finally
        {
            await ended.CancelAsync();
            await taking;
        }
        Assert.Empty(RtspServer.Readers());
        Assert.True(_faults.Count == 2 && _pictures > 2 * _faults.Values.Sum(), Summary(seed));
        TestContext.Current.SendDiagnosticMessage(Summary(seed));
        TestContext.Current.TestOutputHelper?.WriteLine(Summary(seed));
    }

    /// <summary>Takes one picture after the other until the end. Whatever is wrong with one ends the run.</summary>
    async Task TakeAsync(RtspCamera camera, CancellationTokenSource ended)
    {
        try
        {
            while (true)
            {
                DateTimeOffset asked = TimeProvider.System.GetUtcNow();
                try
                {
                    Frame frame = await camera.CaptureAsync(ended.Token);
                    DateTimeOffset made = MadeAt(frame);
                    Assert.True(made >= asked - Exactness, $"A picture that was asked for at {asked:O} was made at {made:O}.");
                    Assert.InRange(frame.CapturedAt - made, -Exactness, Timeout);
                    _ages.Add(frame.CapturedAt - made);
                    Interlocked.Increment(ref _pictures);
                }
                catch (CaptureException failed)
                {
                    _failures[failed.Code] = _failures.GetValueOrDefault(failed.Code) + 1;
                    Assert.Contains(failed.Code, (string[])["camera-timeout", "camera-unreachable", "camera-failed", "no-picture"]);
                }
                Assert.Empty(RtspServer.Readers());
                await Task.Delay(TimeSpan.FromSeconds(0.2), TimeProvider.System, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }

    /// <summary>Breaks the server again and again, and waits each time until pictures come again.</summary>
    async Task BreakAsync(Random random, int port, TimeSpan length, bool isLong, CancellationToken ended)
    {
        long start = TimeProvider.System.GetTimestamp();
        (int Descriptors, long Memory)? first = null;
        for (int round = 0; TimeProvider.System.GetElapsedTime(start) < length; round++)
        {
            await BackAsync(ended);
            if (isLong && round % 10 == 3)
            {
                (int Descriptors, long Memory) now = Footprint();
                first ??= now;
                Tell($"{TimeProvider.System.GetElapsedTime(start).TotalMinutes:0} min: {now.Descriptors} descriptors, {now.Memory} kB anonymous; {Summary(round)}");
                Assert.InRange(now.Descriptors, 0, first.Value.Descriptors + 8);
                Assert.InRange(now.Memory, 0, first.Value.Memory + 30_000);
            }
            // The first two faults of a short run are one of each kind.
            bool isKill = round < 2 ? round == 0 : random.Next(2) == 0;
            TimeSpan pause = TimeSpan.FromSeconds(random.NextDouble() * 3);
            TimeSpan fault = TimeSpan.FromSeconds(random.NextDouble() * (isLong && random.Next(4) == 0 ? 30 : 4));
            await Task.Delay(pause, TimeProvider.System, ended);
            await BreakAsync(isKill, fault, port, ended);
        }
        await BackAsync(ended);
    }

    async Task BreakAsync(bool isKill, TimeSpan length, int port, CancellationToken ended)
    {
        string name = isKill ? "killed" : "stalled";
        _faults[name] = _faults.GetValueOrDefault(name) + 1;
        if (isKill)
            _server.Kill();
        else
            _server.Stall();
        await Task.Delay(length, TimeProvider.System, ended);
        if (isKill)
            await _server.StartAsync(port);
        else
            _server.GoOn();
    }

    /// <summary>Two pictures more: the first may have been under way before.</summary>
    async Task BackAsync(CancellationToken ended)
    {
        int before = Volatile.Read(ref _pictures);
        long start = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(() => ended.IsCancellationRequested || Volatile.Read(ref _pictures) >= before + 2, BackLimit, "pictures come again");
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        _longestWayBack = took > _longestWayBack ? took : _longestWayBack;
    }

    string Summary(int seed) => string.Create(CultureInfo.InvariantCulture,
        $"{seed}: {_pictures} pictures, failures {Counts(_failures)}, faults {Counts(_faults)}; oldest picture {(_ages.Count > 0 ? _ages.Max().TotalSeconds : 0):0.00} s, longest way back {_longestWayBack.TotalSeconds:0.0} s");

    static string Counts(IEnumerable<KeyValuePair<string, int>> counts) => string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"));

    static void Tell(string line) => Console.Error.WriteLine(line);

    static (int Descriptors, long Memory) Footprint()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return (Directory.GetFiles("/proc/self/fd").Length, ProcessMemory.Anonymous(Environment.ProcessId));
    }

    /// <summary>Reads the squares at the top of the picture: the bits of the Unix time in hundredths of a second, without those above 32.</summary>
    static DateTimeOffset MadeAt(Frame frame)
    {
        using Picture picture = PictureDecoder.Decode(frame);
        Assert.Equal((320, 240), (picture.Width, picture.Height));
        int square = picture.Width / Bits;
        uint hundredths = 0;
        for (int bit = 0; bit < Bits; bit++)
        {
            int at = ((square / 2 * picture.Width) + (bit * square) + (square / 2)) * Picture.BytesPerPixel;
            byte level = picture.Pixels[at];
            Assert.True(level is < 80 or > 176, $"A square of the picture has the level {level}.");
            hundredths = (hundredths << 1) | (level > 128 ? 1u : 0u);
        }
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 10;
        long made = (now & ~(long)uint.MaxValue) | hundredths;
        return DateTimeOffset.FromUnixTimeMilliseconds(made * 10);
    }

    static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
