using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Found">The facts, with values.</param>
/// <param name="ToDo">What to do about it; null when it is fine.</param>
sealed record Finding(Severity Severity, string Found, string? ToDo = null)
{
    public static Finding Fine(string found) => new(Severity.Fine, found);

    public static Finding Warning(string found, string toDo) => new(Severity.Warning, found, toDo);

    public static Finding Fault(string found, string toDo) => new(Severity.Fault, found, toDo);

    public static Finding Of(EdgeShelfException problem) => Fault(problem.Message, problem.Hint);
}

/// <summary>The names are part of `doctor --json`.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
enum Severity
{
    [JsonStringEnumMemberName("fine")] Fine,

    /// <summary>It works, with less than it could have.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>Something that the configuration asks for does not work.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>The check could not be run, because settings that it needs are wrong; those are a fault of their own.</summary>
    [JsonStringEnumMemberName("not-run")] NotRun,
}
