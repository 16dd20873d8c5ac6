using System.Text.Json;

namespace EdgeShelf.Teaching.Training;

/// <summary>How far a training is.</summary>
/// <param name="State">One of the constants.</param>
sealed record TrainingState(string State)
{
    public const string Idle = "idle";
    public const string Running = "running";
    public const string Done = "done";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>The share of the work that is done, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>What is being done, in words, or null.</summary>
    public string? Step { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed and what to do, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Returns the state after a line of the program's progress. Other lines change nothing.</summary>
    public TrainingState After(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } told && told.TryGetProperty("step", out JsonElement step) && told.TryGetProperty("progress", out JsonElement progress)
                ? this with { Step = step.GetString(), Progress = progress.GetDouble() }
                : this;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return this;
        }
    }
}
