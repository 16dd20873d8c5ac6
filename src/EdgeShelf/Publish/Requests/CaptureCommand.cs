using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Requests;

/// <summary>`request/capture`: takes a picture now and answers with its result document, which is published as any other.</summary>
static class CaptureCommand
{
    /// <summary>A capture waits for those before it; beyond this the asker hears an error, the picture may still come.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static RequestCommand Create(CaptureQueue queue, TimeProvider clock) => new(
        "capture", "Takes a picture now and answers with its result.", async (_, cancellationToken) =>
        {
            if (!queue.TryRequest(Trigger.Request, out Task<CommittedResult>? outcome))
                throw new RequestRefusedException("busy", $"{CaptureQueue.Capacity} captures wait already.");
            try
            {
                return ResultDocument.Of(await outcome.WaitAsync(Limit, clock, cancellationToken));
            }
            catch (TimeoutException)
            {
                throw new RequestRefusedException("timeout", $"There was no picture within {Limit.TotalSeconds:0} s.");
            }
        });
}
