using System.Collections.Immutable;
using EdgeShelf.Platform;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Teaching.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Teaching.Review;

/// <summary>
/// The one owner of what waits for a person: `review.db`. A change is on disk when the call that made it returns, and is made whole or not at
/// all. The queue is bounded and varied, see <see cref="ReviewVariety"/>. One process writes it; others may read it. Thread-safe.
/// </summary>
sealed class ReviewQueue(string folder, TeachingOptions options, TimeProvider clock, ILogger<ReviewQueue> log) : IDisposable
{
    public const string FileName = "review.db";
    public const string CeilingFileName = "review.seq";

    /// <summary>The share of <see cref="TeachingOptions.MaxReviewBytes"/> that the crops of answered entries may take besides.</summary>
    const int PastShare = 4;

    readonly Lock _gate = new();
    readonly string _path = Path.Combine(folder, FileName);
    readonly SequenceCeiling _ceiling = new(Path.Combine(folder, CeilingFileName));

    readonly SeenCounts _seen = new();
    SqliteConnection? _connection;
    bool _isDisposed;
    volatile ReviewState _now = ReviewState.None;

    /// <summary>Raised after each change, on the thread that made it. Handlers must return quickly.</summary>
    public event Action? Changed;

    public ReviewState Now => _now;

    /// <summary>Whether anything is asked at all.</summary>
    public bool IsOn => options.MaxReviews > 0;

    /// <summary>Opens or creates the file and reads it. Calling this is optional: the first use opens the file.</summary>
    /// <exception cref="TeachingException">The folder cannot be written, or commits would not be safe in it.</exception>
    public void Open() => Use("opened", _ => true);

    /// <summary>Whether a candidate shows something that neither waits nor was answered lately. What waits already is counted instead.</summary>
    /// <remarks>It waits for no disk, because it is called with each picture. Measured on an x64 PC: 60 candidates and 200 entries of 2,048 values take 1 ms.</remarks>
    public bool IsNews(ReviewCandidate candidate)
    {
        ReviewState now = _now;
        if (now.Waiting.FirstOrDefault(entry => ReviewVariety.IsSame(candidate, entry)) is { } known)
        {
            _seen.Add(known.Id);
            return false;
        }
        return !now.Past.Any(entry => ReviewVariety.IsSame(candidate, entry));
    }

    /// <summary>The number of pictures that showed an entry.</summary>
    public int SeenOf(ReviewEntry entry) => entry.Seen + _seen.Of(entry.Id);

    /// <summary>Keeps candidates that are news, and drops what is redundant where there are too many.</summary>
    /// <param name="found">The candidates of one picture, with their crops as JPEG.</param>
    /// <exception cref="TeachingException">They cannot be written; nothing was changed.</exception>
    public void Add(IReadOnlyList<(ReviewCandidate Candidate, byte[] Crop)> found) => Use("written", connection =>
    {
        ReviewState before = _now;
        (ReviewCandidate Candidate, byte[] Crop)[] news = [.. found.Where(one => !before.Waiting.Concat(before.Past).Any(entry => ReviewVariety.IsSame(one.Candidate, entry)))];
        if (news.Length == 0 || !IsOn)
            return false;
        using SqliteTransaction transaction = connection.BeginTransaction();
        long next = ReviewDatabase.Counter(connection, "next_id");
        _ceiling.Cover(next + news.Length - 1);
        ImmutableList<ReviewEntry> waiting = before.Waiting;
        foreach ((ReviewCandidate candidate, byte[] crop) in news)
        {
            // Another model came into use: what its forerunner said of this place is of no use any more.
            foreach (ReviewEntry outdated in waiting.Where(entry => ReviewVariety.IsOutdated(entry, candidate)).ToArray())
            {
                ReviewDatabase.Delete(connection, outdated.Id);
                waiting = waiting.Remove(outdated);
            }
            ReviewEntry entry = new(
                next++, candidate.Result, candidate.Slot, WholeMilliseconds(candidate.At), candidate.Reason, candidate.Label, candidate.Confidence, candidate.Expected, 1,
                candidate.Model, candidate.Descriptor is null ? null : CompactDescriptor.Of(candidate.Descriptor), crop.Length);
            ReviewDatabase.Insert(connection, entry, crop);
            waiting = waiting.Add(entry);
        }
        ReviewDatabase.SetCounter(connection, "next_id", next);
        List<ReviewEntry> dropped = [];
        while (waiting.Count > options.MaxReviews || (waiting.Count > 1 && waiting.Sum(entry => entry.Bytes) > options.MaxReviewBytes))
        {
            ReviewEntry redundant = ReviewVariety.MostRedundant(waiting);
            waiting = waiting.Remove(redundant);
            dropped.Add(redundant);
        }
        if (dropped.Count > 0)
        {
            long turn = NextTurn(connection);
            foreach (ReviewEntry entry in dropped)
                ReviewDatabase.Answer(connection, new ReviewAnswer(entry.Id, ReviewDatabase.Dropped, null, null), turn, clock.GetUtcNow(), null);
        }
        Commit(connection, transaction);
        return true;
    });

    /// <summary>Notes what somebody answered. The entries do not wait any more; their figures are kept.</summary>
    /// <param name="step">The step of the examples that the answers became, or null if nothing was taught.</param>
    /// <returns>The number that takes the answers back, and the ids that waited.</returns>
    /// <exception cref="TeachingException">They cannot be written; nothing was changed.</exception>
    public (long Turn, IReadOnlyList<long> Answered) Answer(IReadOnlyList<ReviewAnswer> answers, long? step) => Use("written", connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        long turn = NextTurn(connection);
        long[] answered = [.. answers.Where(answer => ReviewDatabase.Answer(connection, answer, turn, clock.GetUtcNow(), step)).Select(answer => answer.Id)];
        Commit(connection, transaction);
        return (turn, (IReadOnlyList<long>)answered);
    });

    /// <summary>Returns the step that the answers of a turn became, null if they became none.</summary>
    /// <exception cref="TeachingException">There are no such answers, or not any more.</exception>
    public long? StepOf(long turn) => Use("read", connection =>
    {
        if (connection.Scalar<long>("SELECT count(*) FROM entry WHERE turn = $0 AND answer NOT IN ($1, $2) AND crop_bytes > 0", turn, ReviewDatabase.Dropped, ReviewDatabase.Taught) == 0)
            throw new TeachingException(TeachingException.NotFound, $"There is no answer {turn} that can be taken back.", $"The last {ReviewDatabase.PastKept} answers can be taken back, each once.");
        return connection.Scalar<object>("SELECT max(step) FROM entry WHERE turn = $0", turn) as long?;
    });

    /// <summary>Takes the answers of a turn back: the entries wait again, and their figures are gone.</summary>
    public void TakeBack(long turn) => Restore("turn = $0", turn);

    /// <summary>
    /// Makes the entries wait again whose examples were taken back, by whomever: steps are taken back from the newest one, so what is newer than
    /// the last step was taken back. Products that these steps had renamed or merged have their names again. What was taught elsewhere needs no
    /// answer any more.
    /// </summary>
    /// <param name="added">The examples that are new.</param>
    /// <exception cref="TeachingException">It cannot be written; nothing was changed.</exception>
    public void Follow(ExampleState examples, IReadOnlyList<TaughtExample> added)
    {
        long last = examples.Steps is [.., var step] ? step.Seq : 0;
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            if (ReviewDatabase.RenameBack(connection, last) + ReviewDatabase.Restore(connection, "step > $0", last) > 0)
                Commit(connection, transaction);
            return true;
        });
        ReviewEntry[] taught = [.. _now.Waiting.Where(entry => added.Any(example => ReviewVariety.Shows(example, entry)))];
        if (taught.Length > 0)
            Answer([.. taught.Select(entry => new ReviewAnswer(entry.Id, ReviewDatabase.Taught, null, null))], last);
    }

    /// <summary>Gives what waits the labels of today: a question must not name a product by a name that it has no longer.</summary>
    /// <param name="renamed">The old labels with their new ones.</param>
    /// <param name="step">The step that renamed them, with which <see cref="Follow"/> takes the names back, or null if they are the names from before a step.</param>
    /// <exception cref="TeachingException">It cannot be written; nothing was changed.</exception>
    public void Rename(IReadOnlyDictionary<string, string> renamed, long? step)
    {
        (string From, string To)[] used = [.. renamed.Where(label => _now.Waiting.Exists(entry => entry.Label == label.Key || entry.Expected == label.Key)).Select(label => (label.Key, label.Value))];
        if (used.Length == 0)
            return;
        Use("written", connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            foreach ((string from, string to) in used)
                ReviewDatabase.Rename(connection, from, to, step);
            Commit(connection, transaction);
            return true;
        });
    }

    /// <summary>Returns the crop of an entry as JPEG, or null if there is no such entry or it has none any more.</summary>
    /// <exception cref="TeachingException">The file cannot be read.</exception>
    public byte[]? Crop(long id) => Use("read", connection => ReviewDatabase.ReadCrop(connection, id));

    /// <summary>Returns how often the device was right, the oldest week first.</summary>
    /// <exception cref="TeachingException">The file cannot be read.</exception>
    public IReadOnlyList<ReviewWeek> Weeks() => Use("read", ReviewDatabase.ReadWeeks);

    /// <summary>Returns the whole pictures that were given a label, as far as their crops are kept.</summary>
    /// <exception cref="TeachingException">The file cannot be read.</exception>
    public IReadOnlyList<(ReviewEntry Entry, string Label)> NamedPictures() => Use("read", connection => ReviewDatabase.ReadNamed(connection, ReviewCandidates.WholePicture));

    public void Dispose()
    {
        lock (_gate)
        {
            if (_connection is { } connection)
            {
                try
                {
                    _seen.Write(connection);
                }
                catch (SqliteException)
                {
                    // How often something was seen is not worth an error at the end.
                }
            }
            Close();
            _isDisposed = true;
        }
    }

    void Restore(string where, long value) => Use("written", connection =>
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        if (ReviewDatabase.Restore(connection, where, value) > 0)
            Commit(connection, transaction);
        return true;
    });

    static long NextTurn(SqliteConnection connection)
    {
        long turn = ReviewDatabase.Counter(connection, "next_turn");
        ReviewDatabase.SetCounter(connection, "next_turn", turn + 1);
        return turn;
    }

    void Commit(SqliteConnection connection, SqliteTransaction transaction)
    {
        _seen.Write(connection);
        ReviewDatabase.Trim(connection, options.MaxReviewBytes / PastShare);
        ReviewState now = ReviewDatabase.Read(connection);
        transaction.Commit();
        Publish(now);
    }

    void Publish(ReviewState state)
    {
        _now = state;
        Changed?.Invoke();
    }

    static DateTimeOffset WholeMilliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>Opens the database if it is closed. The caller must hold the lock.</summary>
    SqliteConnection OpenIfClosed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        _ceiling.Load();
        SqliteConnection connection = DurableDatabase.Repairing(() => ReviewDatabase.Open(_path), SetAside);
        try
        {
            // Ids were used although this database is new, so an earlier one was deleted or damaged. Browsers keep the crops of its ids.
            if (ReviewDatabase.Counter(connection, "next_id") == 0)
                ReviewDatabase.SetCounter(connection, "next_id", _ceiling.Value + 1);
            ReviewState state = ReviewDatabase.Read(connection);
            _connection = connection;
            Publish(state);
            return connection;
        }
        catch
        {
            _connection = null;
            connection.Dispose();
            throw;
        }
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    void SetAside(SqliteException damage)
    {
        Close();
        log.ReviewDamaged(damage, DamagedDatabases.SetAside(_path, clock.GetUtcNow()));
    }

    /// <summary>Runs one statement or transaction at a time. If the database is damaged, a new file is created and the work is tried once more.</summary>
    T Use<T>(string what, Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            try
            {
                return DurableDatabase.Repairing(() => work(OpenIfClosed()), SetAside);
            }
            catch (UnsafeDatabaseException problem)
            {
                throw new TeachingException(TeachingException.ReviewNotKept, problem.Message, problem.Hint, problem);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new TeachingException(
                    TeachingException.ReviewNotKept, $"The review queue {_path} cannot be {what}: {error.Message}",
                    "Nothing was changed. Check with `df` that the volume has room and is not read-only, and that this user may write to the folder.", error);
            }
        }
    }
}
