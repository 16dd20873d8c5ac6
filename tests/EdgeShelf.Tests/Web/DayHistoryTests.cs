using System.Text.Json;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace EdgeShelf.Tests.Web;

/// <summary>The pictures of the last day on disk: what is kept, what is dropped, and what survives.</summary>
public sealed class DayHistoryTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 30, 0, TimeSpan.Zero);

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _clock = new(Start);
    readonly ListLogger<DayHistory> _log = new();
    long? _free = long.MaxValue;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void APictureIsKeptWithItsResultOverARestart()
    {
        using (DayHistory history = Open())
            Keep(history, 7, [1, 2, 3]);

        using DayHistory again = Open();
        KeptPicture kept = Assert.Single(again.OldestFirst);

        Assert.Equal((7, Start, false), (kept.Seq, kept.At, kept.NeedsReview));
        Assert.Equal([1, 2, 3], again.Jpeg(7));
        Assert.Null(again.Jpeg(8));
        JsonElement result = Assert.Single(again.Results(Start, Start.AddSeconds(1), 10));
        Assert.Equal((7, "Granny-Smith"), (result.GetProperty("seq").GetInt64(), result.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString()));
        Assert.Empty(again.Results(Start.AddSeconds(1), Start.AddSeconds(9), 10));
    }

    /// <summary>The files are copied while the history is open, as a power cut leaves them.</summary>
    [Fact]
    public void WhatWasKeptSurvivesAPowerCut()
    {
        using DayHistory history = Open();
        for (int seq = 1; seq <= 20; seq++)
            Keep(history, seq, new byte[5000]);
        string left = Directory.CreateDirectory(_folder.File("left")).FullName;
        foreach (string file in Directory.GetFiles(_folder.Path, DayHistory.FileName + "*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(left, Path.GetFileName(file)));

        using DayHistory after = Open(folder: left);

        Assert.Equal(Enumerable.Range(1, 20), after.OldestFirst.Select(picture => (int)picture.Seq));
        Assert.Equal(5000, after.Jpeg(20)!.Length);
    }

    [Fact]
    public void TheOldestGoWhenThereAreTooManyBytes()
    {
        using DayHistory history = Open(maxBytes: 50_000);
        for (int seq = 1; seq <= 12; seq++)
            Keep(history, seq, new byte[9000]);

        Assert.Equal([8, 9, 10, 11, 12], history.OldestFirst.Select(picture => picture.Seq));
        Assert.InRange(history.OldestFirst.Sum(picture => picture.Bytes), 45_000, 50_000);
        Assert.Null(history.Jpeg(1));
        // The room of the deleted ones is used again or given back.
        Assert.InRange(new FileInfo(Path.Combine(_folder.Path, DayHistory.FileName)).Length, 1, 200_000);
    }

    [Fact]
    public void WhatIsOlderThanADayGoesAndThereIsABoundOnTheirNumber()
    {
        using DayHistory history = Open();
        Keep(history, 1, [1]);
        _clock.Advance(DayHistory.KeptFor + TimeSpan.FromMinutes(1));
        for (int seq = 2; seq <= DayHistory.MaxPictures + 3; seq++)
            Keep(history, seq, [1]);

        Assert.Equal(DayHistory.MaxPictures, history.OldestFirst.Count);
        Assert.Equal(4, history.OldestFirst[0].Seq);
    }

    [Fact]
    public void AFullDiskGetsRoomAndNoPicture()
    {
        using DayHistory history = Open();
        for (int seq = 1; seq <= 5; seq++)
            Keep(history, seq, [1]);
        _free = 1000;

        Keep(history, 6, [1]);

        Assert.Equal([3, 4, 5], history.OldestFirst.Select(picture => picture.Seq));
    }

    [Fact]
    public void ADamagedFileIsSetAsideAndANewOneBegins()
    {
        string file = _folder.File(DayHistory.FileName);
        File.WriteAllBytes(file, [.. Enumerable.Range(0, 5000).Select(at => (byte)(at * 7))]);
        using DayHistory history = Open();

        Keep(history, 1, [1]);

        Assert.Equal([1], history.OldestFirst.Select(picture => picture.Seq));
        Assert.Single(Directory.GetFiles(_folder.Path, "history-damaged-*.db"));
    }

    [Fact]
    public void AboutOneAMinuteIsKept()
    {
        using DayHistory history = Open();
        Assert.True(history.IsDue);
        Keep(history, 1, [1]);
        Assert.False(history.IsDue);
        _clock.Advance(DayHistory.Shortest);
        Assert.True(history.IsDue);
        using DayHistory off = Open(maxBytes: 0);
        Assert.False(off.IsDue);
        Assert.Empty(off.OldestFirst);
    }

    [Fact]
    public async Task TheHoursTheirResultsAndTheirPicturesAreServed()
    {
        ShiftedClock clock = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartWithoutWaitingAsync(clock);
        await shelf.ListeningAsync();
        shelf.Show("a.jpg", PicturesOf.Scene(1280, 960));
        await shelf.CaptureAsync();
        // The next one comes too soon to be kept.
        await shelf.CaptureAsync();
        clock.PutForward(TimeSpan.FromHours(1));
        shelf.ShowPlain("b.png", SKColors.Black);
        await shelf.CaptureAsync();
        DayHistory history = shelf.Services.GetRequiredService<DayHistory>();
        await Wait.UntilAsync(() => history.OldestFirst.Count == 2);

        JsonElement[] hours = [.. (await shelf.GetAsync("/api/history")).GetProperty("hours").EnumerateArray()];
        Assert.Equal([(1, 0), (1, 1)], hours.Select(hour => (hour.GetProperty("pictures").GetInt32(), hour.GetProperty("need_review").GetInt32())));
        string from = hours[1].GetProperty("from").GetString()!, to = DateTimeOffset.Parse(from, null).AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        JsonElement results = await shelf.GetAsync($"/api/history/results?from={from}&to={to}");
        Assert.Equal([3], results.GetProperty("kept").EnumerateArray().Select(seq => seq.GetInt64()));
        Schemas.AssertValid("result", results.GetProperty("results")[0].GetRawText());
        using SKBitmap picture = SKBitmap.Decode(await shelf.Http.GetByteArrayAsync("/api/history/1/picture.jpg", Cancellation));
        Assert.Equal((800, 600), (picture.Width, picture.Height));
        Assert.Equal([1, 3], (await shelf.GetAsync("/api/results")).GetProperty("kept").EnumerateArray().Select(seq => seq.GetInt64()));
    }

    public void Dispose() => _folder.Dispose();

    DayHistory Open(long maxBytes = 10_000_000, string? folder = null) => new(folder ?? _folder.Path, maxBytes, () => _free, 50_000, _clock, _log);

    void Keep(DayHistory history, long seq, byte[] jpeg) => history.Keep(SomeResult.Committed(SomeResult.Of(), seq, _clock.GetUtcNow()), jpeg);
}
