using System.Text.Json.Nodes;

namespace EdgeShelf.Shelf;

/// <summary>
/// A command that the backend can send to the device on `…/request/&lt;name&gt;`. The feature that owns the affected state registers
/// the command. Tests check the MQTT contract's README and AsyncAPI against the registered commands.
/// </summary>
/// <param name="Name">The last level of the topic.</param>
/// <param name="Summary">What the command does, in one sentence for people.</param>
/// <param name="AnswerAsync">
/// Executes the command and returns the data of the response. The argument is the value of the request, or null if there is none; a JSON object arrives as its text. An
/// exception becomes an error response with its code, so throw <see cref="RequestRefusedException"/> for a value that is not allowed.
/// </param>
sealed record RequestCommand(string Name, string Summary, Func<string?, CancellationToken, Task<JsonNode?>> AnswerAsync)
{
    /// <summary>The maximum size of a request of a command that takes a word or a number, in bytes.</summary>
    public const int UsualMaxBytes = 4096;

    /// <summary>The maximum size of a request, in bytes.</summary>
    public int MaxBytes { get; init; } = UsualMaxBytes;

    /// <summary>Whether a request may have a value. If not, one that has a value is refused, because it asks for something that would not be done.</summary>
    public bool TakesValue { get; init; }

    /// <summary>Creates a command that answers synchronously.</summary>
    public RequestCommand(string name, string summary, Func<string?, JsonNode?> answer)
        : this(name, summary, (value, _) => Task.FromResult(answer(value)))
    {
    }
}

/// <summary>A request cannot be answered. The sender can change the request or send it again later.</summary>
/// <param name="code">A stable, machine-readable code: `bad-value`, `busy`, `timeout`.</param>
sealed class RequestRefusedException(string code, string message, string hint = "") : EdgeShelfException(message, hint)
{
    public override string Code { get; } = code;
}
