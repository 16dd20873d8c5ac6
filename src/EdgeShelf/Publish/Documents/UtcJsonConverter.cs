using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeShelf.Publish.Documents;

/// <summary>Writes times as RFC 3339 in UTC with milliseconds and `Z`, regardless of the time zone of the machine.</summary>
sealed class UtcJsonConverter : JsonConverter<DateTimeOffset>
{
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
