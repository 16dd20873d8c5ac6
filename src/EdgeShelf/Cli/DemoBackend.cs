using System.Text.Json;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using MQTTnet;

namespace EdgeShelf.Cli;

/// <summary>The backend of the demo: prints what arrives from the device.</summary>
/// <param name="pictures">The number of pictures that come before the bay.</param>
sealed class DemoBackend(TextWriter output, int pictures)
{
    public const string Result = "result";
    public const string Shelf = "shelf";

    readonly TaskCompletionSource _picturesShown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _bayShown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of pictures that were printed.</summary>
    public int Pictures { get; private set; }

    /// <summary>Completes when each picture was printed once.</summary>
    public Task PicturesShown => _picturesShown.Task;

    /// <summary>Completes when the state of the bay was printed.</summary>
    public Task BayShown => _bayShown.Task;

    public Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        if (message.Topic.EndsWith($"/{Shelf}", StringComparison.Ordinal))
            Show(JsonSerializer.Deserialize<ShelfDocument>(message.Payload.FirstSpan, ResultDocument.Json)!);
        else
            Show(JsonSerializer.Deserialize<ResultDocument>(message.Payload.FirstSpan, ResultDocument.Json)!);
        return Task.CompletedTask;
    }

    void Show(ResultDocument result)
    {
        // A bay with places is printed from its state, which says what was confirmed.
        if (result.Slots.Count != 1 || Pictures == pictures)
            return;
        output.WriteLine();
        ResultText.Write(output, result.Image.Name ?? result.Id, result.Slots[0], result.TimingsMs);
        if (++Pictures == pictures)
            _picturesShown.TrySetResult();
    }

    void Show(ShelfDocument shelf)
    {
        // The first document comes before the first look.
        if (shelf.View != BayViewNames.Of(BayView.Clear) || shelf.Judged == 0)
            return;
        output.WriteLine();
        output.WriteLine($"The bay: {CheckText.Summary(shelf.Slots.Select(slot => slot.Verdict))}. What is missing:");
        ShelfText.Write(output, shelf, onlyMissing: true);
        _bayShown.TrySetResult();
    }
}
