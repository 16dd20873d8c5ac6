using System.Text.Json;
using EdgeShelf.Publish.Documents;

namespace EdgeShelf.Tests.Publish.Documents;

public sealed class UtcJsonConverterTests
{
    static readonly JsonSerializerOptions Json = new() { Converters = { new UtcJsonConverter() } };

    [Theory]
    [InlineData("2026-11-25T08:30:00.1234567+05:30", "\"2026-11-25T03:00:00.123Z\"")]
    [InlineData("2026-11-25T00:30:00-11:00", "\"2026-11-25T11:30:00.000Z\"")]
    [InlineData("2026-03-29T02:30:00Z", "\"2026-03-29T02:30:00.000Z\"")]
    public void ATimeOfAnyZoneIsWrittenInUtcWithZ(string time, string expected) =>
        Assert.Equal(expected, JsonSerializer.Serialize(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), Json).Replace("\\u002B", "+", StringComparison.Ordinal));

    [Fact]
    public void WhatWasWrittenIsReadAsTheSameMoment()
    {
        DateTimeOffset moment = new(2026, 11, 25, 8, 30, 0, 123, TimeSpan.FromHours(2));
        DateTimeOffset read = JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(moment, Json), Json);
        Assert.Equal(moment, read);
        Assert.Equal(TimeSpan.Zero, read.Offset);
    }
}
