using System.Globalization;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Teaching.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Support;

/// <summary>A real review queue in a temporary folder, and what a test may turn: the clock and the bounds.</summary>
sealed class ReviewInFolder : IDisposable
{
    readonly TemporaryFolder _folder = new();
    int _results;

    public ReviewInFolder(TeachingOptions? options = null)
    {
        Options = options ?? new TeachingOptions();
        Queue = Open();
    }

    public TeachingOptions Options { get; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 30, 0, TimeSpan.Zero));
    public ListLogger<ReviewQueue> Log { get; } = new();
    public ReviewQueue Queue { get; private set; }
    public string Folder => _folder.Path;

    /// <summary>As after a restart of the process.</summary>
    public ReviewQueue Reopen()
    {
        Queue.Dispose();
        return Queue = Open();
    }

    /// <summary>Something that looks as the seed says. Two seeds look different.</summary>
    public ReviewCandidate Candidate(int seed, string slot = "1-01", string? label = null, string? expected = "jam", string model = ExamplesInFolder.Model, string reason = ReviewReasons.UnknownProduct) => new(
        $"shelf-07-{++_results}", slot, new Region(0, 0, 1, 1), Clock.GetUtcNow(), reason, label, label is null ? null : 0.81, expected, model, ExamplesInFolder.Descriptor(seed).ToValues());

    /// <summary>The same in the noise of another picture.</summary>
    public static ReviewCandidate Again(ReviewCandidate candidate) => candidate with { Descriptor = [.. candidate.Descriptor!.Select((value, at) => value + (at % 2 == 0 ? 0.05f : 0))] };

    /// <returns>The id of the entry, or null if it was not kept.</returns>
    public long? Add(ReviewCandidate candidate, int bytes = 1000)
    {
        ReviewEntry? before = Queue.Now.Waiting.LastOrDefault();
        Queue.Add([(candidate, new byte[bytes])]);
        return Queue.Now.Waiting.LastOrDefault() is { } last && last.Id != before?.Id ? last.Id : null;
    }

    public long Add(int seed, string slot = "1-01", string? label = null) => Add(Candidate(seed, slot, label))!.Value;

    public (long Turn, IReadOnlyList<long> Answered) Answer(long id, bool? isRight, string answer = ReviewAnswers.Confirm, long? step = null) =>
        Queue.Answer([new ReviewAnswer(id, answer, "jam", isRight)], step);

    /// <summary>The ids that wait, oldest first.</summary>
    public IEnumerable<long> Waiting => Queue.Now.Waiting.Select(entry => entry.Id);

    /// <summary>Each row of entries and crops with all its bytes, read past the queue.</summary>
    public static IReadOnlyList<string> RowsOf(string folder)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(folder, ReviewQueue.FileName)};Pooling=false");
        connection.Open();
        List<string> rows = [];
        foreach (string table in (string[])["entry", "crop", "counter"])
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1";
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                rows.Add(table + ": " + string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(column => row.GetValue(column) switch
                {
                    byte[] bytes => Convert.ToHexString(bytes),
                    DBNull => "null",
                    object value => Convert.ToString(value, CultureInfo.InvariantCulture),
                })));
            }
        }
        return rows;
    }

    /// <summary>An example that shows what a candidate shows.</summary>
    public static TaughtExample ExampleOf(ReviewCandidate candidate, long id = 1) => new(
        id, "jam", candidate.Slot, candidate.At, ExampleSources.Page, "", 1, candidate.Model!, CompactDescriptor.Of(candidate.Descriptor));

    public void Dispose()
    {
        Queue.Dispose();
        _folder.Dispose();
    }

    ReviewQueue Open()
    {
        ReviewQueue queue = new(Folder, Options, Clock, Log);
        queue.Open();
        return queue;
    }
}
