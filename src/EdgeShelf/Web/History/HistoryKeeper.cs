using System.Threading.Channels;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web.History;

/// <summary>Writes the pictures of the day in the background, so that a slow disk does not delay the next picture.</summary>
sealed class HistoryKeeper(DayHistory history, ILogger<HistoryKeeper> log) : BackgroundService
{
    /// <summary>The number of pictures that may wait for the disk. More are left out.</summary>
    const int MaxWaiting = 2;

    readonly Channel<(CommittedResult Result, byte[] Jpeg)> _waiting = Channel.CreateBounded<(CommittedResult, byte[])>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    string? _problem;

    /// <summary>Makes the copy of a decoded picture that the history keeps, or returns null if the next picture to keep is not due yet.</summary>
    public byte[]? CopyOf(Picture picture) => history.IsDue ? Thumbnail.Of(picture, DayHistory.Side) : null;

    /// <summary>Keeps a picture with its result. It returns at once.</summary>
    public void Keep(CommittedResult result, byte[] jpeg) => _waiting.Writer.TryWrite((result, jpeg));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach ((CommittedResult result, byte[] jpeg) in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                history.Keep(result, jpeg);
                _problem = null;
            }
            catch (IOException problem)
            {
                // A device whose disk is full still works. The same problem is logged once.
                if (_problem != problem.Message)
                    log.HistoryNotKept(problem.Message);
                _problem = problem.Message;
            }
        }
    }
}
