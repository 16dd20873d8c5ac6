using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Publish.Requests;

/// <summary>Executes a request and returns the response. Any problem results in an error response.</summary>
sealed class RequestHandler
{
    readonly Dictionary<string, RequestCommand> _commands;

    /// <param name="commands">The commands that the features registered. Their names must be different.</param>
    public RequestHandler(IEnumerable<RequestCommand> commands) => _commands = commands.ToDictionary(command => command.Name, StringComparer.Ordinal);

    public IEnumerable<string> Commands => _commands.Keys;

    public async Task<ResponseDocument> AnswerAsync(string name, byte[] payload, CancellationToken cancellationToken)
    {
        RequestDocument request = RequestDocument.Parse(payload, _commands.GetValueOrDefault(name)?.MaxBytes ?? RequestCommand.UsualMaxBytes);
        return await AnswerAsync(name, request, cancellationToken) with { Transaction = request.Transaction };
    }

    async Task<ResponseDocument> AnswerAsync(string name, RequestDocument request, CancellationToken cancellationToken)
    {
        if (request.Problem is { } problem)
            return ResponseDocument.Failed("bad-request", problem);
        if (!_commands.TryGetValue(name, out RequestCommand? command))
            return ResponseDocument.Failed("unknown-command", $"There is no command `{name}`; allowed are {string.Join(", ", _commands.Keys.Order(StringComparer.Ordinal))}.");
        if (request.Value is not null && !command.TakesValue)
            return ResponseDocument.Failed("bad-request", $"`{name}` takes no value, and the request has `{PlainText.Shown(request.Value, RequestDocument.MaxShown)}`; send nothing or only a `transaction`.");
        try
        {
            return ResponseDocument.Ok(await command.AnswerAsync(request.Value, cancellationToken));
        }
        catch (EdgeShelfException failed)
        {
            return ResponseDocument.Failed(failed.Code, failed.Message);
        }
    }
}
