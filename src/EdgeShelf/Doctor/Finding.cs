using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>The result of one check.</summary>
/// <param name="Found">The facts, with values.</param>
/// <param name="ToDo">What to do about it, or null if nothing needs to be done.</param>
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

    /// <summary>It works, but with limitations.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>Something that the configuration requires does not work.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>The check was not run because settings that it needs are wrong, which is reported as a separate fault.</summary>
    [JsonStringEnumMemberName("not-run")] NotRun,
}
