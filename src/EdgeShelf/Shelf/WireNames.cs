using System.Text.Json;

namespace EdgeShelf.Shelf;

/// <summary>How the documents on the wire, in answers and in `--json` are written.</summary>
static class WireNames
{
    /// <summary>Names are in snake_case. Each feature makes its own copy of this, with the types of its documents.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
