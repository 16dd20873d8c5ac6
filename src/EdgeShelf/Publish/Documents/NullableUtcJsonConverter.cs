using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary><see cref="UtcJsonConverter"/> for a time that may be missing.</summary>
sealed class NullableUtcJsonConverter : JsonConverter<DateTimeOffset?>
{
    static readonly UtcJsonConverter Utc = new();

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : Utc.Read(ref reader, typeof(DateTimeOffset), options);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            Utc.Write(writer, time, options);
        else
            writer.WriteNullValue();
    }
}
