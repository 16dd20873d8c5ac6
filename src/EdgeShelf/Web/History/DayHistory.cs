using System.Collections.Immutable;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Shelf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace EdgeShelf.Web.History;

/// <summary>
/// The pictures of the last day with their results: `history.db`. It is bounded by age, count and bytes. What was kept is on disk when the call
/// returns, so it survives a power cut. A file that is damaged is set aside, and a new one begins. Thread-safe.
/// </summary>
/// <param name="freeBytes">Returns the free space of the volume in bytes, or null if it is not known.</param>
/// <param name="minFreeBytes">With less free space than this, pictures are removed and none is added: results matter more.</param>
sealed class DayHistory(string folder, long maxBytes, Func<long?> freeBytes, long minFreeBytes, TimeProvider clock, ILogger<DayHistory> log) : IDisposable
{
    public const string FileName = "history.db";

    /// <summary>How long a picture is kept. One hour more than a day, so that the hour of now can be compared with the same one of yesterday.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(25);

    /// <summary>The maximum number of pictures.</summary>
    public const int MaxPictures = 2000;

    /// <summary>
    /// The shortest time between two pictures that are kept. It is a little less than a minute, so that each picture of a timer of one minute is kept. A picture
    /// costs a JPEG and one write to the disk.
    /// </summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(50);

    /// <summary>The longer side of a kept picture in pixels: enough to recognize a package when it is enlarged.</summary>
    public const int Side = 800;

    readonly Lock _gate = new();
    readonly string _path = Path.Combine(folder, FileName);
    SqliteConnection? _connection;
    bool _isDisposed;
    long? _keptAt;
    volatile ImmutableList<KeptPicture>? _oldestFirst;

    /// <summary>Whether pictures are kept at all.</summary>
    public bool IsOn => maxBytes > 0;

    /// <summary>Whether the next picture is one to keep.</summary>
    public bool IsDue
    {
        get
        {
            lock (_gate)
                return IsOn && (_keptAt is null || clock.GetElapsedTime(_keptAt.Value) >= Shortest);
        }
    }

    /// <summary>The kept pictures, oldest first.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<KeptPicture> OldestFirst => IsOn ? _oldestFirst ?? Use(_ => _oldestFirst!) : [];

    /// <summary>The sequence numbers of the kept pictures, or none before the file was read. Unlike <see cref="OldestFirst"/> it never waits for the disk.</summary>
    public IEnumerable<long> KnownSeqs => _oldestFirst?.Select(picture => picture.Seq) ?? [];

    /// <summary>Keeps a picture and removes what is too old or too much.</summary>
    /// <param name="jpeg">The picture as JPEG.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(CommittedResult result, byte[] jpeg)
    {
        byte[] document = JsonSerializer.SerializeToUtf8Bytes(ResultDocument.Of(result), PublishJson.Wire.ResultDocument);
        Use(connection =>
        {
            _keptAt = clock.GetTimestamp();
            using SqliteTransaction transaction = connection.BeginTransaction();
            ImmutableList<KeptPicture> pictures = _oldestFirst!;
            if (freeBytes() is not { } free || free >= minFreeBytes)
            {
                KeptPicture kept = HistoryDatabase.Insert(connection, result.Seq, result.CapturedAt, result.Result.NeedsReview, document, jpeg);
                pictures = pictures.RemoveAll(picture => picture.Seq == kept.Seq).Add(kept);
            }
            else
            {
                pictures = Without(connection, pictures, Math.Min(2, pictures.Count));
            }
            pictures = Without(connection, pictures, Surplus(pictures));
            transaction.Commit();
            HistoryDatabase.Shrink(connection);
            _oldestFirst = pictures;
            return true;
        });
    }

    /// <summary>Returns a picture as JPEG, or null if it is not kept any more.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[]? Jpeg(long seq) => IsOn ? Use(connection => HistoryDatabase.ReadJpeg(connection, seq)) : null;

    /// <summary>Returns the results of the pictures that were taken in a time, oldest first, as JSON.</summary>
    /// <param name="max">The maximum number of results; the newest ones are returned.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<JsonElement> Results(DateTimeOffset from, DateTimeOffset to, int max)
    {
        long[] wanted = [.. OldestFirst.Where(picture => picture.At >= from && picture.At < to).TakeLast(max).Select(picture => picture.Seq)];
        return wanted.Length == 0 ? [] : Use(connection => (JsonElement[])[.. wanted.Select(seq => HistoryDatabase.ReadDocument(connection, seq)).OfType<byte[]>().Select(document => JsonElement.Parse(document))]);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
            _isDisposed = true;
        }
    }

    /// <summary>The number of pictures that are too old, too many or too large together, from the oldest one on.</summary>
    int Surplus(ImmutableList<KeptPicture> pictures)
    {
        DateTimeOffset oldest = clock.GetUtcNow() - KeptFor;
        long bytes = pictures.Sum(picture => picture.Bytes);
        int surplus = 0;
        while (surplus < pictures.Count - 1 && (pictures[surplus].At < oldest || pictures.Count - surplus > MaxPictures || bytes > maxBytes))
            bytes -= pictures[surplus++].Bytes;
        return surplus;
    }

    static ImmutableList<KeptPicture> Without(SqliteConnection connection, ImmutableList<KeptPicture> pictures, int count)
    {
        foreach (KeptPicture gone in pictures.Take(count))
            HistoryDatabase.Delete(connection, gone.Seq);
        return pictures.RemoveRange(0, count);
    }

    /// <summary>Runs one piece of work at a time. If the file is damaged, a new one is created and the work is tried once more.</summary>
    T Use<T>(Func<SqliteConnection, T> work)
    {
        lock (_gate)
        {
            try
            {
                return DurableDatabase.Repairing(() => work(OpenIfClosed()), SetAside);
            }
            catch (Exception problem) when (problem is SqliteException or UnauthorizedAccessException)
            {
                throw new IOException($"The pictures of the day in {_path} cannot be read or written: {problem.Message}", problem);
            }
        }
    }

    /// <summary>Opens the database if it is closed. The caller must hold the lock.</summary>
    SqliteConnection OpenIfClosed()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_connection is not null)
            return _connection;
        Directory.CreateDirectory(folder);
        _connection = HistoryDatabase.Open(_path);
        _oldestFirst = HistoryDatabase.Read(_connection);
        return _connection;
    }

    void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    void SetAside(SqliteException damage)
    {
        Close();
        log.HistoryDamaged(damage, DamagedDatabases.SetAside(_path, clock.GetUtcNow()));
    }
}
