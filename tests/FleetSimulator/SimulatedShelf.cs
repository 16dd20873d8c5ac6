using System.Text.Json;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Shelf;

namespace FleetSimulator;

/// <summary>A bay of eight places that are sold out and filled again, told in the product's own documents. There is no picture and no network.</summary>
sealed class SimulatedShelf(string device, Guid installation, Random random, SimulatedOutbox outbox, Totals totals)
{
    const int Places = 8;

    /// <summary>The chance that a place changes between two pictures. An empty place is filled sooner than a full one is sold out.</summary>
    const double SoldOut = 0.01, Filled = 0.05;

    static readonly (string Label, string Name)[] Products =
    [
        ("oat-milk", "Oat milk"), ("rice", "Rice"), ("coffee", "Coffee"), ("pasta", "Pasta"), ("tomatoes", "Tomatoes"), ("soap", "Soap"), ("tea", "Tea"), ("salt", "Salt"),
    ];

    readonly bool[] _isEmpty = new bool[Places];
    readonly DateTimeOffset[] _since = new DateTimeOffset[Places];

    /// <summary>The model that the device says it uses.</summary>
    public ModelInfo Model { get; set; } = new("shop-0001", "1", new string('0', 64));

    public PlanogramId Planogram { get; set; } = new("bay", "1");

    public double Availability => _isEmpty.Count(empty => !empty) / (double)Places;

    /// <summary>Takes a picture: one result, and one event for each place that changed.</summary>
    /// <param name="boot">The id of this start of the device.</param>
    /// <param name="now">The time on the device's clock, which may be wrong.</param>
    public void Look(string boot, DateTimeOffset now, bool isClockSynced)
    {
        List<int> changed = [.. Enumerable.Range(0, Places).Where(place => random.NextDouble() < (_isEmpty[place] ? Filled : SoldOut))];
        foreach (int place in changed)
            _isEmpty[place] = !_isEmpty[place];
        ShelfResult result = new(
            new ImageInfo(1640, 1232, Convert.ToHexStringLower(Bytes(32)), "rpicam"), Model, [.. Enumerable.Range(0, Places).Select(Slot)],
            new StageTimings(TimeSpan.FromMilliseconds(41), TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(60)))
        { Planogram = Planogram };
        string resultId = "";
        Append(OutboxTopics.Result, seq => ResultDocument.Of(new CommittedResult(resultId = $"{device}-{seq}", device, seq, boot, now, isClockSynced, Trigger.Timer, result, 0, installation)));
        foreach (int place in changed)
        {
            SlotChange change = new(
                NameOf(place), _isEmpty[place] ? Verdict.Match : Verdict.Empty, _isEmpty[place] ? Verdict.Empty : Verdict.Match, Expected(place), _isEmpty[place] ? null : Products[place].Label, now,
                _since[place] == default ? null : now - _since[place]);
            _since[place] = now;
            Append(OutboxTopics.Event, seq => new EventDocument
            {
                Id = $"{device}-{seq}",
                Device = device,
                Installation = installation,
                Seq = seq,
                Boot = boot,
                At = now,
                ClockSynced = isClockSynced,
                Type = EventTypes.SlotChanged,
                Message = $"Slot {change.Slot} changed from {VerdictNames.Of(change.From)} to {VerdictNames.Of(change.To)}, expected {change.Expected!.Name}.",
                Data = PublishJson.Node(SlotChangedDocument.Of(change, null, resultId), PublishJson.Wire.SlotChangedDocument),
            });
        }
    }

    SlotResult Slot(int place) => new(NameOf(place), _isEmpty[place] ? [] : [new Prediction(Products[place].Label, place, 0.97, null)], NeedsReview: false, ReviewReason: null)
    {
        Region = new Region(0.12 * place, 0.1, 0.11, 0.8),
        Expected = Expected(place),
        Verdict = _isEmpty[place] ? Verdict.Empty : Verdict.Match,
    };

    void Append<T>(string topic, Func<long, T> make)
    {
        outbox.Append(topic, seq => JsonSerializer.SerializeToUtf8Bytes(make(seq), ResultDocument.Json));
        totals.Make();
    }

    byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    static string NameOf(int place) => $"1-{place + 1:D2}";

    static ExpectedProduct Expected(int place) => new(Products[place].Label, Products[place].Name, null);
}
