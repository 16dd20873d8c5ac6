using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Requests;

/// <summary>Executes a request and returns the response. Any problem results in an error response.</summary>
sealed class RequestHandler
{
    readonly Dictionary<string, RequestCommand> _commands;
    readonly RequestLimiter _limiter;

    /// <param name="commands">The commands that the features registered. Their names must be different.</param>
    public RequestHandler(IEnumerable<RequestCommand> commands, TimeProvider clock)
    {
        _commands = commands.ToDictionary(command => command.Name, StringComparer.Ordinal);
        _limiter = new RequestLimiter(clock);
    }

    public IEnumerable<string> Commands => _commands.Keys;

    public async Task<ResponseDocument> AnswerAsync(string name, byte[] payload, CancellationToken cancellationToken)
    {
        if (!_limiter.TryEnter())
            return ResponseDocument.Failed("too-many-requests", $"Allowed are {RequestLimiter.Burst} requests at once and then one each {RequestLimiter.Refill.TotalSeconds:0} s.");
        int maxBytes = _commands.GetValueOrDefault(name)?.MaxBytes ?? RequestCommand.UsualMaxBytes;
        if (!RequestDocument.TryParse(payload, maxBytes, out RequestDocument? request, out string? problem))
            return ResponseDocument.Failed("bad-request", problem);
        return await AnswerAsync(name, request.Value, cancellationToken) with { Transaction = request.Transaction };
    }

    async Task<ResponseDocument> AnswerAsync(string name, string? value, CancellationToken cancellationToken)
    {
        if (!_commands.TryGetValue(name, out RequestCommand? command))
            return ResponseDocument.Failed("unknown-command", $"There is no command `{name}`; allowed are {string.Join(", ", _commands.Keys.Order(StringComparer.Ordinal))}.");
        try
        {
            return ResponseDocument.Ok(await command.AnswerAsync(value, cancellationToken));
        }
        catch (EdgeShelfException failed)
        {
            return ResponseDocument.Failed(failed.Code, failed.Message);
        }
    }
}
