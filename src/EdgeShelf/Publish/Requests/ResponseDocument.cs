using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeShelf.Publish.Requests;

/// <summary>The document that answers a request.</summary>
sealed record ResponseDocument
{
    /// <summary>`ok` or `error`.</summary>
    public required string Status { get; init; }

    /// <summary>Data that depends on the command, or null on an error.</summary>
    public JsonNode? Data { get; init; }

    /// <summary>The error, or null if the request succeeded.</summary>
    public ErrorDocument? Error { get; init; }

    /// <summary>The value from the request, or null if there was none.</summary>
    public JsonElement? Transaction { get; init; }

    public static ResponseDocument Ok(JsonNode? data) => new() { Status = "ok", Data = data };

    public static ResponseDocument Failed(string code, string message) => new() { Status = "error", Error = new ErrorDocument(code, message) };
}

/// <param name="Code">The stable, machine-readable name of the problem.</param>
/// <param name="Message">What went wrong, for people.</param>
sealed record ErrorDocument(string Code, string Message);
