using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Requests;

/// <summary>`request/capture`: takes a picture now and returns its result document, which is also published as usual.</summary>
static class CaptureCommand
{
    /// <summary>The time limit of the answer. A capture waits for the ones before it. After this time the request gets an error, but the picture may still be taken.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static RequestCommand Create(CaptureQueue queue, TimeProvider clock) => new(
        "capture", "Takes a picture now and returns its result.", async (_, cancellationToken) =>
        {
            if (!queue.TryRequest(Trigger.Request, out Task<CommittedResult>? outcome))
                throw new RequestRefusedException("busy", $"{CaptureQueue.Capacity} captures wait already.");
            try
            {
                return PublishJson.Node(ResultDocument.Of(await outcome.WaitAsync(Limit, clock, cancellationToken)), PublishJson.Wire.ResultDocument);
            }
            catch (TimeoutException)
            {
                throw new RequestRefusedException("timeout", $"There was no picture within {Limit.TotalSeconds:0} s.");
            }
        });
}
