using System.Threading.Channels;
using EdgeShelf.Pictures;
using EdgeShelf.Recognition;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching.Review;

/// <summary>
/// Fills the review queue of a running service and tells the status how much waits. With each picture it only compares descriptors that there
/// are already; decoding, cutting and writing happen in the background, and only for what is new.
/// </summary>
sealed class ReviewKeeper(ReviewQueue queue, ExampleStore examples, ShelfStatus status, ILogger<ReviewKeeper> log) : BackgroundService
{
    /// <summary>The number of pictures that may wait to be cut. Each holds the camera's file.</summary>
    const int MaxPictures = 2;

    readonly Channel<(Frame Frame, ReviewCandidate[] News)> _pictures = Channel.CreateBounded<(Frame, ReviewCandidate[])>(MaxPictures);
    readonly ReviewPace _pace = new();
    ExampleState? _before;
    string? _problem;

    /// <summary>Takes what a picture showed. Call it after the result was committed, from one thread.</summary>
    /// <param name="bay">The look at the slots, or null if the picture was judged as a whole.</param>
    /// <param name="changes">The changes of slots that the picture confirmed.</param>
    /// <param name="whole">What the network last saw of a whole picture, or null.</param>
    /// <remarks>
    /// If two pictures wait to be cut already, what this one shows is left out. It is asked later, because a slot that needs a review needs it in the
    /// next picture too; only a change to a wrong product can be missed so.
    /// </remarks>
    public void Offer(CommittedResult committed, Frame frame, BayLook? bay, IReadOnlyList<SlotChange> changes, SeenPicture? whole)
    {
        if (!queue.IsOn)
            return;
        IEnumerable<ReviewCandidate> candidates = bay is not null ? ReviewCandidates.Of(committed, bay, changes) : ReviewCandidates.Of(committed, whole) is { } one ? [one] : [];
        ReviewCandidate[] news = [.. candidates.Where(candidate => queue.IsNews(candidate) && _pace.TryTake(candidate.Slot, candidate.At))];
        if (news.Length > 0)
            _pictures.Writer.TryWrite((frame, news));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!queue.IsOn)
            return Task.CompletedTask;
        queue.Changed += TellStatus;
        examples.Changed += FollowExamples;
        TryDo(queue.Open);
        FollowExamples();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        queue.Changed -= TellStatus;
        examples.Changed -= FollowExamples;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach ((Frame frame, ReviewCandidate[] news) in _pictures.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                queue.Add(Cut(frame, news));
                _problem = null;
            }
            catch (PictureException problem)
            {
                // The picture was decoded before, so this is rare; the next one is tried again.
                log.CandidateUnreadable(news[0].Result, problem.Message);
            }
            catch (TeachingException problem)
            {
                Tell(problem);
            }
        }
    }

    static (ReviewCandidate, byte[])[] Cut(Frame frame, ReviewCandidate[] news)
    {
        using Picture picture = PictureDecoder.Decode(frame, [.. news.Select(candidate => candidate.Region)], RegionJpeg.MaxSide);
        return [.. news.Select(candidate => (candidate, RegionJpeg.Of(picture, candidate.Region)))];
    }

    void TellStatus()
    {
        ReviewState now = queue.Now;
        status.ReviewWaits(now.Waiting.Count, now.Waiting.IsEmpty ? 0 : now.Waiting[^1].Id);
    }

    void FollowExamples()
    {
        ExampleState now = examples.Now;
        // Before the file was read nothing is known, and nothing was taken back.
        if (ReferenceEquals(now, ExampleState.None))
            return;
        ExampleState before = Interlocked.Exchange(ref _before, now) ?? now;
        TryDo(() =>
        {
            // First what was taken back, with the names from before; then the names that are new.
            queue.Follow(now, [.. now.Examples.Where(example => example.Id >= before.NextId)]);
            queue.Rename(now.RenamedSince(before), LastOf(now) is var last && last > LastOf(before) ? last : null);
        });
    }

    static long LastOf(ExampleState state) => state.Steps is [.., var step] ? step.Seq : 0;

    void TryDo(Action work)
    {
        try
        {
            work();
        }
        catch (TeachingException problem)
        {
            // A device that cannot ask still takes pictures.
            Tell(problem);
        }
    }

    void Tell(EdgeShelfException problem)
    {
        if (_problem != problem.Message)
            log.ReviewUnavailable(problem.Message, problem.Hint);
        _problem = problem.Message;
    }
}
