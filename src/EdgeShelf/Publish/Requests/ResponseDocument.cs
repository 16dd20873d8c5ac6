using System.Text.Json;

namespace EdgeShelf.Publish.Requests;

/// <summary>The document that answers a request.</summary>
sealed record ResponseDocument
{
    /// <summary>`ok` or `error`.</summary>
    public required string Status { get; init; }

    /// <summary>Depends on the command; null on an error.</summary>
    public object? Data { get; init; }

    /// <summary>Null when all went well.</summary>
    public ErrorDocument? Error { get; init; }

    /// <summary>As it came in the request.</summary>
    public JsonElement? Transaction { get; init; }

    public static ResponseDocument Ok(object? data) => new() { Status = "ok", Data = data };

    public static ResponseDocument Failed(string code, string message) => new() { Status = "error", Error = new ErrorDocument(code, message) };
}

/// <param name="Code">Stable, for machines.</param>
/// <param name="Message">For people.</param>
sealed record ErrorDocument(string Code, string Message);
