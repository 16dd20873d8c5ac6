using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Recognition.Slots;

public sealed class BayKeeperTests : IDisposable
{
    static readonly Slot Left = new("left", 1, new Region(0.1, 0.2, 0.3, 0.6));
    static readonly Slot Right = new("right", 1, new Region(0.6, 0.2, 0.3, 0.6));

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new();
    readonly ActiveModel _models = ActiveModel.Of(ModelFolder.Load(ModelCopy.Shipped, threads: 2));
    readonly BayStatus _status;
    readonly BayKeeper _bay;
    readonly PriorityGate _gate = new();
    readonly StageProgress _progress;
    readonly Frame _frame;
    SlotMap _slots = new(1, [Left, Right], null);
    Planogram? _planogram;

    public BayKeeperTests()
    {
        _status = new BayStatus(_clock);
        _frame = new Frame(PicturesOf.Scene(), "folder", null, _clock.GetUtcNow(), TimeSpan.Zero);
        BayMemoryFile file = new(Path.Combine(_folder.Path, BayMemoryFile.FileName), _clock, NullLogger.Instance);
        PlanogramOptions options = new();
        _progress = new StageProgress(_clock);
        BayReader reader = new(_models, _gate, null, options.Thresholds, progress: _progress);
        _bay = new BayKeeper(() => new BayPlan(_slots, _planogram, new ExampleSet(1, [])), _ => null, (_, _) => { }, reader, file, _status, new LatestLook(), options.Patience, _clock);
    }

    public void Dispose()
    {
        _models.Dispose();
        _folder.Dispose();
    }

    /// <summary>The network needs seconds for a bay. Slots that were taken away meanwhile came back with its answer.</summary>
    [Fact]
    public async Task SlotsThatChangeDuringALookAreNotBroughtBackByIt()
    {
        BayResult? result = await _bay.LookAsync(_frame, Once(() => Change(new SlotMap(2, [Right], null), null)), TestContext.Current.CancellationToken);

        Assert.NotNull(result);
        _bay.Keep(result, (_, _, _) => { });
        Assert.Equal(["right"], result.Result.Slots.Select(slot => slot.Slot));
        Assert.Equal(["right"], _status.Now.State.Slots.Select(slot => slot.Slot));
    }

    [Fact]
    public async Task WithoutSlotsAfterTheLookThePictureIsOnePlace()
    {
        BayResult? result = await _bay.LookAsync(_frame, Once(() => Change(new SlotMap(2, [], null), null)), TestContext.Current.CancellationToken);

        Assert.Null(result);
        Assert.Empty(_status.Now.State.Slots);
    }

    [Fact]
    public async Task APlanogramThatChangesDuringALookIsTheOneThatTheResultNames()
    {
        Planogram next = new("bay", "2", null, [new Product("tea", null, null, null)], [new Position("left", null, null, "tea", 1)]);

        BayResult? result = await _bay.LookAsync(_frame, Once(() => Change(_slots, next)), TestContext.Current.CancellationToken);

        Assert.Equal("2", result?.Result.Planogram?.Version);
        Assert.Equal("tea", result?.Result.Slots[0].Expected?.Label);
    }

    /// <summary>The watchdog ends a service of which one piece of work takes longer than a minute. Two hundred slots do on a small board.</summary>
    [Fact]
    public async Task EachBatchOfSlotsIsAPieceOfWorkOfItsOwn()
    {
        _slots = new SlotMap(1, [.. Enumerable.Range(0, 8).Select(i => new Slot($"{i}", 1, new Region(i / 8.0, 0, 0.125, 1)))], null);
        Task<TimeSpan>? between = null;
        void WaitForTheNetwork()
        {
            _clock.Advance(TimeSpan.FromSeconds(50));
            Assert.Equal(TimeSpan.FromSeconds(50), Assert.Single(_progress.InHand()).For);
            between = InHandBetweenTwoBatchesAsync();
        }

        BayResult? result = await _bay.LookAsync(_frame, Once(WaitForTheNetwork), TestContext.Current.CancellationToken);

        Assert.Equal(8, result?.Look.Run);
        Assert.Equal(TimeSpan.Zero, await between!);
        Assert.Empty(_progress.InHand());
    }

    async Task<TimeSpan> InHandBetweenTwoBatchesAsync()
    {
        using PriorityGate.Holder turn = await _gate.EnterAsync(TestContext.Current.CancellationToken);
        return Assert.Single(_progress.InHand()).For;
    }

    /// <summary>Does something while the picture is in work; the picture is looked at once.</summary>
    static Action<Picture> Once(Action action)
    {
        int looks = 0;
        return _ =>
        {
            Assert.Equal(1, ++looks);
            action();
        };
    }

    void Change(SlotMap slots, Planogram? planogram)
    {
        (_slots, _planogram) = (slots, planogram);
        _bay.Follow();
    }
}
