using System.Text.Json;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using MQTTnet;

namespace EdgeShelf.Cli;

/// <summary>The backend of the demo: prints what arrives from the device.</summary>
/// <param name="pictures">The number of pictures that come before the shelves.</param>
sealed class DemoBackend(TextWriter output, int pictures)
{
    public const string Result = "result";
    public const string Shelf = "shelf";
    public const string Event = "event";

    readonly TaskCompletionSource _picturesShown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _bayShown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _filmShown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _wasTaken;

    /// <summary>The number of pictures that were printed.</summary>
    public int Pictures { get; private set; }

    /// <summary>Completes when each picture was printed once.</summary>
    public Task PicturesShown => _picturesShown.Task;

    /// <summary>Completes when the state of the bay was printed.</summary>
    public Task BayShown => _bayShown.Task;

    /// <summary>Completes when something was taken from the shelf and put back.</summary>
    public Task FilmShown => _filmShown.Task;

    public Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        Utf8JsonReader json = new(message.Payload);
        switch (message.Topic[(message.Topic.LastIndexOf('/') + 1)..])
        {
            case Result:
                Show(JsonSerializer.Deserialize(ref json, PublishJson.Wire.ResultDocument)!);
                break;
            case Shelf when message.Payload.Length > 0:
                Show(JsonSerializer.Deserialize(ref json, PublishJson.Wire.ShelfDocument)!);
                break;
            case Event:
                Show(JsonSerializer.Deserialize(ref json, PublishJson.Wire.EventDocument)!);
                break;
        }
        return Task.CompletedTask;
    }

    void Show(ResultDocument result)
    {
        // A shelf with places is printed from its state and its changes, which say what was confirmed.
        if (result.Slots.Count != 1 || Pictures == pictures)
            return;
        output.WriteLine();
        ResultText.Write(output, result.Image.Name ?? result.Id, result.Slots[0], result.TimingsMs, result.Cached);
        if (++Pictures == pictures)
            _picturesShown.TrySetResult();
    }

    void Show(ShelfDocument shelf)
    {
        // The first documents come before the first look, and before every place was judged.
        if (_bayShown.Task.IsCompleted || shelf.View != BayViewNames.Of(BayView.Clear) || shelf.Judged < shelf.Expected)
            return;
        output.WriteLine();
        output.WriteLine($"The bay: {CheckText.Summary(shelf.Slots.Select(slot => slot.Verdict))}. What is missing:");
        ShelfText.Write(output, shelf, onlyMissing: true);
        _bayShown.TrySetResult();
    }

    void Show(EventDocument told)
    {
        if (told.Type != EventTypes.SlotChanged || told.Data is not { } data || data.Deserialize(PublishJson.Wire.SlotChangedDocument) is not { } change)
            return;
        output.Write($"  {told.At:HH:mm:ss}  {change.Slot}: {change.From} → ");
        VerdictColour.Write(output, change.To);
        output.WriteLine(change.Expected is { } expected && change.To == VerdictNames.Of(Verdict.Empty) ? $". {expected.Label} is missing." : ".");
        bool isBack = _wasTaken && change.To == VerdictNames.Of(Verdict.Match);
        _wasTaken |= change.To == VerdictNames.Of(Verdict.Empty);
        if (isBack)
            _filmShown.TrySetResult();
    }
}
