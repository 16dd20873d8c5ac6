namespace EdgeShelf.Shelf;

/// <summary>
/// A command that the backend may send to the device on `…/request/&lt;name&gt;`. The feature that owns what it changes registers
/// it; the MQTT contract's README and AsyncAPI are checked against those that are registered.
/// </summary>
/// <param name="Name">The last level of the topic.</param>
/// <param name="Summary">What it does, in one sentence for people.</param>
/// <param name="AnswerAsync">
/// Does it and gives the data of the response. It gets the request's value, null where there is none. What it throws becomes an
/// error response with the exception's code, so a value that is not allowed is a <see cref="RequestRefusedException"/>.
/// </param>
sealed record RequestCommand(string Name, string Summary, Func<string?, CancellationToken, Task<object?>> AnswerAsync)
{
    /// <summary>A command whose answer is there at once.</summary>
    public RequestCommand(string name, string summary, Func<string?, object?> answer)
        : this(name, summary, (value, _) => Task.FromResult(answer(value)))
    {
    }
}

/// <summary>A request cannot be answered; the asker may ask otherwise or later.</summary>
/// <param name="code">Stable, for machines: `bad-value`, `busy`, `timeout`.</param>
sealed class RequestRefusedException(string code, string message, string hint = "") : EdgeShelfException(message, hint)
{
    public override string Code { get; } = code;
}
