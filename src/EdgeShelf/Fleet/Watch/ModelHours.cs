using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Fleet.Watch;

/// <summary>
/// Counts what the model in use does, by hours, for the last day. The file is small and written rarely; a power cut loses at most the counts
/// of <see cref="WriteEvery"/>. All members are thread-safe.
/// </summary>
/// <param name="folder">The folder of the fleet. It is created with the first hour.</param>
sealed class ModelHours(string folder, ShelfStatus status, Func<ModelInfo?> inUse, TimeProvider clock) : IDisposable
{
    public const string FileName = "hours.json";

    public static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(15);

    const int MaxHours = 24;

    readonly Lock _gate = new();
    readonly List<Hour> _hours = [];
    long _writtenAt = clock.GetTimestamp();
    bool _isWritten = true;
    long? _seq;
    PartStatus? _model;

    string FilePath => Path.Combine(folder, FileName);

    /// <summary>Raised for each picture with its model's ONNX hash, on the thread of the result. Handlers must return quickly.</summary>
    public event Action<string, ModelCounts>? Counted;

    /// <summary>Reads what was counted before, and begins to count.</summary>
    public void Open()
    {
        try
        {
            if (File.Exists(FilePath) && JsonSerializer.Deserialize(RegularFile.ReadAllBytes(FilePath, 1 << 20), FleetJson.Default.ListHour) is { } hours)
                _hours.AddRange(hours.Where(hour => hour?.Model is not null));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            // Without the last day a new model is compared with nothing, which its failures still end.
        }
        (_seq, _model) = (status.Now.LastResult?.Seq, status.Now.Model);
        status.Changed += OnStatus;
    }

    /// <summary>What a model did within the last day.</summary>
    /// <param name="model">The SHA-256 of its ONNX file.</param>
    public ModelCounts LastDayOf(string model)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
            return _hours.Where(hour => hour.Model == model && (now - hour.From).Duration() <= TimeSpan.FromHours(MaxHours)).Aggregate(default(ModelCounts), (sum, hour) => sum + hour.Counts);
    }

    /// <summary>Writes the counts if it is time, or if the service stops.</summary>
    public void Write(bool isStopping = false)
    {
        byte[] json;
        lock (_gate)
        {
            if (_isWritten || (!isStopping && clock.GetElapsedTime(_writtenAt) < WriteEvery))
                return;
            (_isWritten, _writtenAt) = (true, clock.GetTimestamp());
            json = JsonSerializer.SerializeToUtf8Bytes(_hours, FleetJson.Default.ListHour);
        }
        try
        {
            Directory.CreateDirectory(folder);
            DurableFile.Write(FilePath, json);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The outbox is on the same volume and reports a disk that fails. These counts only serve a comparison.
        }
    }

    public void Dispose()
    {
        status.Changed -= OnStatus;
        Write(isStopping: true);
    }

    void OnStatus()
    {
        StatusSnapshot now = status.Now;
        CommittedResult? result = null;
        bool hasFailed = false;
        lock (_gate)
        {
            if (now.LastResult is { } last && last.Seq != _seq)
            {
                _seq = last.Seq;
                result = last;
            }
            if (!ReferenceEquals(now.Model, _model))
            {
                _model = now.Model;
                hasFailed = now.Model.State == PartState.Failing;
            }
        }
        if (result is not null)
            Count(result.Result.Model.Sha256, Of(result.Result));
        else if (hasFailed && inUse() is { } model)
            Count(model.Sha256, new ModelCounts(1, 1, 0, 0, 0, 0, 0));
    }

    /// <summary>The counts of one picture. What was taken from a cache was not computed now, so its time does not count.</summary>
    public static ModelCounts Of(ShelfResult result)
    {
        double milliseconds = result.Timings.Inference.TotalMilliseconds;
        bool isTimed = !result.Cached && milliseconds > 0;
        // With slots, the time grows with the number of crops that the network ran for.
        int run = isTimed ? Math.Max(1, result.Slots.Count(slot => !slot.Cached)) : 0;
        return new ModelCounts(
            1, 0, result.Slots.Count, result.Slots.Count(slot => slot.NeedsReview),
            result.Slots.Count(slot => slot.Verdict == Verdict.Unknown || slot.ReviewReason == "unknown-product"), run, isTimed ? milliseconds : 0);
    }

    void Count(string model, ModelCounts counts)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset hour = new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        lock (_gate)
        {
            int at = _hours.FindIndex(kept => kept.From == hour && kept.Model == model);
            if (at < 0)
            {
                _hours.Add(new Hour(hour, model, counts));
                while (_hours.Count > MaxHours * 2)
                    _hours.RemoveAt(0);
            }
            else
            {
                _hours[at] = _hours[at] with { Counts = _hours[at].Counts + counts };
            }
            _isWritten = false;
        }
        Counted?.Invoke(model, counts);
    }

    /// <param name="From">The beginning of the hour, in UTC.</param>
    /// <param name="Model">The SHA-256 of the ONNX file.</param>
    internal sealed record Hour(DateTimeOffset From, string Model, ModelCounts Counts);
}
