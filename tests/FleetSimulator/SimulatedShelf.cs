using System.Text.Json;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition.Plan;
using EdgeShelf.Shelf;

namespace FleetSimulator;

/// <summary>
/// A bay of eight places, which are sold out and then filled as the planogram says. It publishes the product's own documents, and has neither a
/// camera nor a network.
/// </summary>
sealed class SimulatedShelf(string device, Guid installation, Random random, SimulatedOutbox outbox, Totals totals)
{
    const int Places = 8;

    /// <summary>The chance that a place changes between two pictures. An empty place is filled sooner than a full one is sold out.</summary>
    const double SoldOut = 0.01, Filled = 0.05;

    static readonly (string Label, string Name)[] Products =
    [
        ("oat-milk", "Oat milk"), ("rice", "Rice"), ("coffee", "Coffee"), ("pasta", "Pasta"), ("tomatoes", "Tomatoes"), ("soap", "Soap"), ("tea", "Tea"), ("salt", "Salt"),
    ];

    /// <summary>The label of what is in each place, or null for an empty one.</summary>
    readonly string?[] _there = [.. Products.Select(product => product.Label)];
    readonly (string? Expected, Verdict Verdict, DateTimeOffset Since)[] _told = [.. Products.Select(product => (product.Label, Verdict.Match, default(DateTimeOffset)))];

    /// <summary>The model that the device says it uses.</summary>
    public ModelInfo Model { get; set; } = new("shop-0001", "1", new string('0', 64));

    /// <summary>What the device compares its places with.</summary>
    public Planogram Planogram { get; set; } = new(
        "bay", "1", null, [.. Products.Select(product => new Product(product.Label, product.Name, null, null))],
        [.. Products.Index().Select(product => new Position(NameOf(product.Index), null, null, product.Item.Label, 1))]);

    /// <summary>The share of the places with an expected product that hold it, or null if nothing is expected.</summary>
    public double? Availability
    {
        get
        {
            Verdict[] verdicts = [.. _told.Where(place => place.Expected is not null).Select(place => place.Verdict)];
            return verdicts.Length == 0 ? null : verdicts.Count(verdict => verdict == Verdict.Match) / (double)verdicts.Length;
        }
    }

    /// <summary>Returns what is wrong with a planogram on this shelf. All labels are allowed, because a simulated shelf has no network.</summary>
    public static IReadOnlyList<string> ProblemsOf(Planogram planogram)
    {
        SlotMap slots = new(1, [.. Enumerable.Range(0, Places).Select(place => new Slot(NameOf(place), null, RegionOf(place)))], null);
        return [.. PlanogramRules.ProblemsHere(planogram, slots, [.. planogram.Positions.Select(position => position.Label)])];
    }

    /// <summary>Takes a picture: one result, and one event for each place that changed.</summary>
    /// <param name="boot">The id of this start of the device.</param>
    /// <param name="now">The time on the device's clock, which may be wrong.</param>
    public void Look(string boot, DateTimeOffset now, bool isClockSynced)
    {
        // Another planogram may come during the look.
        Planogram planogram = Planogram;
        ExpectedProduct?[] expected = [.. Enumerable.Range(0, Places).Select(place => planogram.ExpectedIn(NameOf(place)))];
        List<SlotChange> changes = [];
        for (int place = 0; place < Places; place++)
        {
            Pass(place, expected[place]?.Label);
            if (Follow(place, expected[place], now) is { } change)
                changes.Add(change);
        }
        ShelfResult result = new(
            new ImageInfo(1640, 1232, Convert.ToHexStringLower(Bytes(32)), "rpicam"), Model, [.. Enumerable.Range(0, Places).Select(place => SlotOf(place, expected[place]))],
            new StageTimings(TimeSpan.FromMilliseconds(41), TimeSpan.FromMilliseconds(12), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(60)))
        { Planogram = planogram.Id };
        string resultId = "";
        Append(OutboxTopics.Result, seq => ResultDocument.Of(new CommittedResult(resultId = $"{device}-{seq}", device, seq, boot, now, isClockSynced, Trigger.Timer, result, 0, installation)));
        foreach (SlotChange change in changes)
        {
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
                Message = $"Slot {change.Slot} changed from {VerdictNames.Of(change.From)} to {VerdictNames.Of(change.To)}, expected {change.Expected!.Name ?? change.Expected.Label}.",
                Data = PublishJson.Node(SlotChangedDocument.Of(change, null, resultId), PublishJson.Wire.SlotChangedDocument),
            });
        }
    }

    /// <summary>What happens in a place between two pictures: it is sold out, or filled with what belongs there, also in place of another product.</summary>
    void Pass(int place, string? expected)
    {
        bool isSoldOut = _there[place] is not null && (expected is null || _there[place] == expected);
        if (random.NextDouble() < (isSoldOut ? SoldOut : Filled))
            _there[place] = isSoldOut ? null : expected ?? Products[place].Label;
    }

    /// <summary>Returns the change of a place that the product would tell, or null. The first verdict under another planogram is not told as a change.</summary>
    SlotChange? Follow(int place, ExpectedProduct? expected, DateTimeOffset now)
    {
        (string? label, Verdict before, DateTimeOffset since) = _told[place];
        Verdict verdict = VerdictOf(place, expected?.Label);
        if (label == expected?.Label && before == verdict)
            return null;
        _told[place] = (expected?.Label, verdict, now);
        return label == expected?.Label ? new SlotChange(NameOf(place), before, verdict, expected, _there[place], now, since == default ? null : now - since) : null;
    }

    Verdict VerdictOf(int place, string? expected) => expected is null ? Verdict.Unchecked : _there[place] is not { } label ? Verdict.Empty : label == expected ? Verdict.Match : Verdict.Mismatch;

    SlotResult SlotOf(int place, ExpectedProduct? expected) => new(NameOf(place), _there[place] is { } label ? [new Prediction(label, place, 0.97, null)] : [], NeedsReview: false, ReviewReason: null)
    {
        Region = RegionOf(place),
        Expected = expected,
        Verdict = VerdictOf(place, expected?.Label),
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

    static Region RegionOf(int place) => new(0.12 * place, 0.1, 0.11, 0.8);
}
