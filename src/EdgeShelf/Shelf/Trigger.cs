using System.Text.Json.Serialization;

namespace EdgeShelf.Shelf;

/// <summary>What asked for a picture. The names are part of the result document.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Trigger>))]
enum Trigger
{
    [JsonStringEnumMemberName("timer")] Timer,
    [JsonStringEnumMemberName("button")] Button,
    [JsonStringEnumMemberName("request")] Request,
    [JsonStringEnumMemberName("http")] Http,
    [JsonStringEnumMemberName("folder")] Folder,
}
